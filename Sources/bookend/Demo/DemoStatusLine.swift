import BookendControl
import BookendCore
import Foundation

/// The last line of the demo's screen: refreshed in place every second on a terminal, written every ten elsewhere.
final class DemoStatusLine {
    private let isTerminal = isatty(STDOUT_FILENO) == 1
    private var shownAt: Moment?

    /// Something that happened, above the line.
    func say(_ text: String) {
        write((isTerminal ? "\r\u{1B}[K" : "") + text + "\n")
    }

    func show(_ servers: [DemoServer], at now: Moment, _ status: () -> StatusReport?) {
        let interval = TimeSpan.seconds(isTerminal ? 1 : 10)
        if let shownAt, now - shownAt < interval { return }
        shownAt = now
        guard let report = status() else { return say("bookend does not answer") }
        let line = text(servers, report)
        write(isTerminal ? "\r\u{1B}[K" + line : line + "\n")
    }

    /// At once: `print` would wait for more when the output is a file.
    private func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    private func text(_ servers: [DemoServer], _ report: StatusReport) -> String {
        let all = report.pools.flatMap(\.servers)
        let rate = all.reduce(0) { $0 + $1.requestsPerSecond }
        let errors = all.reduce(0) { $0 + $1.errors } + report.ownAnswers
        let each = servers.map { server in
            let seen = all.first { $0.name == server.name }
            let memory = server.usedMebibytes.map { " \($0) MiB" } ?? ""
            let restarts = server.restarts > 0 ? " restarted \(server.restarts)x" : ""
            return "\(server.name) \(Int((seen?.requestsPerSecond ?? 0).rounded()))/s\(memory)\(restarts)"
        }
        return "\(Int(rate.rounded())) req/s, \(errors) errors | " + each.joined(separator: " | ")
    }
}
