// limiter-study [all|KIND|line] [SEED]: the limiter over kinds of servers and loads on the simulator's clock, beside the
// best fixed cap; and the line, with seeds of its own. Prints the tables of docs/limiter.md and fails when a cell or a row
// does not hold. `make limiter`.

import BookendLab
import Foundation

let arguments = Array(CommandLine.arguments.dropFirst())
let wanted = arguments.first ?? "all"
let first = arguments.count > 1 ? UInt64(arguments[1]) ?? 1 : 1
let began = ContinuousClock.now

/// On all cores; in the order of what came in.
func concurrently<In: Sendable, Out: Sendable>(_ all: [In], _ work: @escaping @Sendable (In) -> Out) async -> [Out] {
    await withTaskGroup(of: (Int, Out).self) { group in
        for (index, one) in all.enumerated() { group.addTask { (index, work(one)) } }
        var done: [(Int, Out)] = []
        for await one in group { done.append(one) }
        return done.sorted { $0.0 < $1.0 }.map(\.1)
    }
}

let places = LimiterMatrix.kinds.filter { ["all", $0.name].contains(wanted) }.flatMap { kind in
    LimiterMatrix.loads.map { (kind, $0) }
}
let cells = await concurrently(places) { LimiterMatrix.cell($0.0, $0.1, first: first) }

func percent(_ share: Double) -> String { "\(Int((share * 100).rounded()))" }

print(
    "| kind | load | best cap | caps learned | goodput, % of the best cap's | in the 3rd second after the step | deaths | knowing |"
)
print("|---|---|---|---|---|---|---|---|")
for cell in cells {
    let step =
        cell.afterStep.isEmpty
        ? "" : "\(percent(cell.afterStep[0]))–\(percent(cell.afterStep[cell.afterStep.count / 2]))"
    print(
        "| \(cell.kind) | \(cell.load) | \(cell.bestCap) | \(cell.caps[0])–\(cell.caps[cell.caps.count - 1]) "
            + "| \(percent(cell.goodput[0]))–\(percent(cell.goodput[cell.goodput.count / 2])) | \(step) "
            + "| \(cell.deaths) | \(cell.deathsKnowing) |"
            + (cell.broken.isEmpty ? "" : " ✗ " + cell.broken.joined(separator: ", ")))
}
let broken = cells.filter { !$0.broken.isEmpty }
print(
    "\n| kind | goodput at 3x, % of its capacity | in the worst 5 s after a step | failed at 0.7x after it, % | refused at 0.8x, % |"
)
print("|---|---|---|---|---|")
let rows = await concurrently(["all", "line"].contains(wanted) ? LineMatrix.kinds : [], LineMatrix.row)
func thousandths(_ share: Double) -> String { String(format: "%.3f", 100 * share) }
for row in rows {
    print(
        "| \(row.kind) | \(percent(row.goodput[0]))–\(percent(row.goodput[row.goodput.count / 2])) "
            + "| \(percent(row.afterStep[0]))–\(percent(row.afterStep[row.afterStep.count / 2])) "
            + "| \(thousandths(row.failed)) | \(thousandths(row.refused)) |"
            + (row.broken.isEmpty ? "" : " ✗ " + row.broken.joined(separator: ", ")))
}
let count = broken.count + rows.count { !$0.broken.isEmpty }
print("\n\(cells.count) cells and \(rows.count) rows, \(count) broken (\(ContinuousClock.now - began))")
exit(count == 0 ? 0 : 1)
