// limiter-study [KIND|all] [SEED]: the limiter over kinds of servers and loads on the simulator's clock, beside the best fixed cap;
// prints the table of docs/limiter.md and fails when a cell does not hold. `make limiter`.

import BookendLab
import Foundation

let arguments = Array(CommandLine.arguments.dropFirst())
let wanted = arguments.first.flatMap { $0 == "all" ? nil : $0 }
let first = arguments.count > 1 ? UInt64(arguments[1]) ?? 1 : 1
let began = ContinuousClock.now
let places = LimiterMatrix.kinds.filter { wanted == nil || $0.name == wanted }.flatMap { kind in
    LimiterMatrix.loads.map { (kind, $0) }
}
let cells = await withTaskGroup(of: (Int, LimiterMatrix.Cell).self) { group in
    for (index, place) in places.enumerated() {
        group.addTask { (index, LimiterMatrix.cell(place.0, place.1, first: first)) }
    }
    var all: [(Int, LimiterMatrix.Cell)] = []
    for await one in group { all.append(one) }
    return all.sorted { $0.0 < $1.0 }.map(\.1)
}

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
print("\n\(cells.count) cells, \(broken.count) broken (\(ContinuousClock.now - began))")
exit(broken.isEmpty ? 0 : 1)
