import BookendControl
import Foundation

/// The status report as one screen of text.
struct StatusScreen {
    private let report: StatusReport

    init(_ report: StatusReport) {
        self.report = report
    }

    var text: String {
        var lines = [
            "bookend \(report.version)  up \(uptime)  process \(report.process)  \(report.workers) workers  "
                + "\(report.connections) of \(report.connectionLimit) connections"
        ]
        lines.append("listening on " + report.listeners.map { "http://\($0)" }.joined(separator: "  "))
        for pool in report.pools {
            lines.append("")
            lines.append("pool \(pool.name)  \(pool.balance)")
            lines += table(pool)
        }
        if report.droppedLogLines > 0 {
            lines += [
                "", "access log: \(report.droppedLogLines) lines were dropped, the disk or the reader was too slow",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var uptime: String {
        let seconds = Int(report.uptimeSeconds)
        if seconds < 60 { return "\(seconds)s" }
        if seconds < 3_600 { return "\(seconds / 60)m\(seconds % 60)s" }
        return "\(seconds / 3_600)h\(seconds / 60 % 60)m"
    }

    private func table(_ pool: StatusReport.Pool) -> [String] {
        let heading = [
            "server", "address", "weight", "in flight", "requests", "req/s", "errors", "err/s", "p50 ms", "p99 ms",
        ]
        let rows = pool.servers.map { server in
            [
                server.name + (server.backup ? " (backup)" : ""), server.address, "\(server.weight)",
                "\(server.inFlight)",
                "\(server.requests)", number(server.requestsPerSecond), "\(server.errors + server.connectFailures)",
                number(server.errorsPerSecond), server.p50Milliseconds.map { number($0) } ?? "-",
                server.p99Milliseconds.map { number($0) } ?? "-",
            ]
        }
        let widths = heading.indices.map { column in ([heading] + rows).map { $0[column].count }.max() ?? 0 }
        return ([heading] + rows).map { row in
            let cells = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return column < 2 ? cell + padding : padding + cell
            }
            return "  " + cells.joined(separator: "  ")
        }
    }

    private func number(_ value: Double) -> String {
        value >= 100 ? String(Int(value.rounded())) : String(format: value >= 10 ? "%.1f" : "%.2f", value)
    }
}
