import BookendConfig
import BookendControl
import BookendCore
import BookendLoop
import Synchronization

/// The clean-up hook that an agent runs when Bookend says so: on a thread of its own, so that reports go on meanwhile.
final class AgentHook: Sendable {
    /// What a report holds (16 KiB) is left for the rest and for what JSON makes of line ends and quotes.
    private static let output = 6_144

    private enum State {
        case idle
        case running(UInt64)
        /// Until Bookend has heard it.
        case over(HookReport)
    }

    /// Nothing, when the agent was started without one.
    private let command: [String]
    private let state = Mutex((state: State.idle, last: UInt64?.none))

    init(_ command: [String]) {
        self.command = command
    }

    /// What the next report says of it.
    var report: HookReport? {
        switch state.withLock({ $0.state }) {
        case .idle: nil
        case .running(let hook): HookReport(running: hook)
        case .over(let report): report
        }
    }

    /// Bookend has heard that report.
    func delivered(_ report: HookReport?) {
        guard let report, report.over else { return }
        state.withLock { state in
            if case .over(report) = state.state { state.state = .idle }
        }
    }

    /// Bookend wants it run. The same order may come twice, when a report crossed it; one at a time.
    func take(_ order: HookOrder) {
        let isNew = state.withLock { state in
            guard case .idle = state.state, state.last != order.hook else { return false }
            state = (.running(order.hook), order.hook)
            return true
        }
        guard isNew else { return }
        guard !command.isEmpty else {
            return end(order, HookResult(.notStarted("the agent was started without --recycle"), output: ""))
        }
        do throws(Errno) {
            _ = try Thread.start("clean-up hook") { [self] in run(order) }
        } catch {
            end(order, HookResult(.notStarted("no thread: \(error)"), output: ""))
        }
    }

    private func run(_ order: HookOrder) {
        let limits = Configuration.hookTimeouts
        let seconds = min(max(order.timeoutSeconds, limits.lowerBound.inSeconds), limits.upperBound.inSeconds)
        say("runs the clean-up hook of \(order.server): \(order.why)")
        let result = HookRun.run(
            command, environment: order.environment, limit: .milliseconds(Int64(seconds * 1_000)))
        say("the clean-up hook of \(order.server) is over")
        end(order, HookResult(result.ending, output: HookOutput.printable(result.output, longest: Self.output)))
    }

    private func end(_ order: HookOrder, _ result: HookResult) {
        state.withLock { $0.state = .over(HookReport(result, of: order.hook)) }
    }
}
