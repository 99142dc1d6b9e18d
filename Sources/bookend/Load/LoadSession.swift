import ArgumentParser
import BookendLab
import BookendLoop
import Foundation

/// Runs a checked order in the terminal: progress on standard error, the result on standard output.
struct LoadSession {
    private static let unreachable = ExitCode(3)
    private static let promiseBroken = ExitCode(1)

    private let order: LoadOrder
    private let isJSON: Bool
    private let isQuiet: Bool

    init(_ order: LoadOrder, isJSON: Bool, isQuiet: Bool) {
        self.order = order
        self.isJSON = isJSON
        self.isQuiet = isQuiet
    }

    func run() throws {
        let address = try resolve()
        let plan = try order.plan(to: address, descriptors: DescriptorLimit.raise())
        let stopSwitch = StopSwitch()
        try Interruption.watch { stopSwitch.stop() }
        var progress = ProgressDisplay(isQuiet: isQuiet)
        var seconds: [LoadSummary.Second] = []
        let tally = try LoadRun(plan, stopSwitch: stopSwitch).run { second in
            seconds.append(LoadSummary.Second(second))
            if second.isWorthALine { progress.show(second.line) }
        }
        progress.end()
        let result = LoadResult(
            url: order.url.description, plan: plan, tally: tally, isInterrupted: stopSwitch.isStopped,
            maxErrorShare: order.maxErrorShare)
        try print(result, seconds)
        if result.isUnreachable {
            complain("nothing at \(order.url) can be reached")
            throw Self.unreachable
        }
        if !result.promiseKept { throw Self.promiseBroken }
    }

    private func resolve() throws -> SocketAddress {
        switch order.url.address() {
        case .success(let address): return address
        case .failure(let failure):
            complain("\(failure)")
            throw Self.unreachable
        }
    }

    private func print(_ result: LoadResult, _ seconds: [LoadSummary.Second]) throws {
        guard isJSON else { return Swift.print(LoadTable(result).text, terminator: "") }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        Swift.print(String(decoding: try encoder.encode(LoadSummary(result, seconds: seconds)), as: UTF8.self))
    }

    private func complain(_ text: String) {
        FileHandle.standardError.write(Data("bookend load: \(text)\n".utf8))
    }
}
