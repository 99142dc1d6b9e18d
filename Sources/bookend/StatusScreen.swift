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
        lines += alarms
        for pool in report.pools {
            lines.append("")
            lines.append("pool \(pool.name)  \(pool.balance)")
            if pool.panic { lines.append("  NO SERVER IS HEALTHY: requests go to whoever may still answer") }
            if pool.queued > 0 || pool.shed > 0 {
                lines.append("  \(pool.queued) requests wait for a place; \(pool.shed) were refused for want of one")
            }
            lines += table(pool)
            lines.append("")
            lines += health(pool)
            lines += memory(pool)
        }
        if report.droppedLogLines > 0 {
            lines += [
                "", "access log: \(report.droppedLogLines) lines were dropped, the disk or the reader was too slow",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What somebody has to see to, though requests are served.
    private var alarms: [String] {
        let store = report.store
        var lines: [String] = []
        if let trouble = store.trouble {
            let since = store.troubleSince.map { ", since \($0.inMilliseconds)" } ?? ""
            lines.append("ALARM  cannot write \(store.path): \(trouble)\(since); what changes is kept in memory only")
        }
        if let aside = store.movedAside {
            lines.append("ALARM  the state was damaged: what was read of it is in use, the file is \(aside) now")
        }
        if store.lostEntries > 0 { lines.append("journal: \(store.lostEntries) entries found no room") }
        return lines
    }

    private var uptime: String {
        span(report.uptimeSeconds)
    }

    private func span(_ time: Double) -> String {
        if time < 1 { return "\(Int(time * 1_000))ms" }
        let seconds = Int(time)
        if seconds < 60 { return "\(seconds)s" }
        if seconds < 3_600 { return "\(seconds / 60)m\(seconds % 60)s" }
        return "\(seconds / 3_600)h\(seconds / 60 % 60)m"
    }

    private func table(_ pool: StatusReport.Pool) -> [String] {
        let heading = [
            "server", "address", "weight", "in flight", "cap by", "requests", "req/s", "errors", "err/s", "p50 ms",
            "p99 ms",
        ]
        let rows = pool.servers.map { server in
            [
                server.name + (server.backup ? " (backup)" : ""), server.address, "\(server.weight)",
                server.cap.map { "\(server.inFlight) / \($0)" } ?? "\(server.inFlight)", server.capReason,
                "\(server.requests)", number(server.requestsPerSecond), "\(server.errors + server.connectFailures)",
                number(server.errorsPerSecond), server.p50Milliseconds.map { number($0) } ?? "-",
                server.p99Milliseconds.map { number($0) } ?? "-",
            ]
        }
        return aligned([heading] + rows, left: 2)
    }

    /// The state of each server, since when and why.
    private func health(_ pool: StatusReport.Pool) -> [String] {
        let heading = ["server", "state", "for", "last probe", "why"]
        let rows = pool.servers.map { server in
            [
                server.name, state(server), span(server.stateSeconds),
                server.lastProbe.map { "\($0), \(span(server.lastProbeSeconds ?? 0)) ago" } ?? "none", server.why,
            ]
        }
        return aligned([heading] + rows, left: heading.count)
    }

    /// What agents report, and what follows from it.
    private func memory(_ pool: StatusReport.Pool) -> [String] {
        let known = pool.servers.compactMap { server in server.memory.map { (server, $0) } }
        guard !known.isEmpty else { return [] }
        let rows = known.map { server, memory in
            [
                server.name, "\(mebibytes(memory.usedBytes)) of \(mebibytes(memory.limitBytes))",
                memory.perRequestBytes.flatMap { each in
                    memory.baseBytes.map { "base \(mebibytes($0)) + \(mebibytes(each)) each" }
                } ?? "not known yet",
                memory.exhaustionSeconds.map { "in \(span($0))" } ?? "no growth",
            ]
        }
        return [""] + aligned([["server", "memory", "requests take", "used up"]] + rows, left: 4)
    }

    private func mebibytes(_ bytes: UInt64) -> String { "\(number(Double(bytes) / 1_048_576)) MiB" }

    private func state(_ server: StatusReport.Server) -> String {
        var notes: [String] = []
        if server.state == "returning" { notes.append("slow start \(Int(server.slowStart * 100))%") }
        if server.share < 1 { notes.append("slow: \(number(server.share * 100))% of its share") }
        if server.rotation == "spare" { notes.append("spare") }
        if server.backup, server.rotation == "serving" { notes.append("in for others") }
        return notes.isEmpty ? server.state : "\(server.state) (\(notes.joined(separator: ", ")))"
    }

    /// Columns as wide as their widest cell; the first `left` begin at the left, numbers end at the right.
    private func aligned(_ rows: [[String]], left: Int) -> [String] {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return column < left ? (column == row.count - 1 ? cell : cell + padding) : padding + cell
            }
            return "  " + cells.joined(separator: "  ")
        }
    }

    private func number(_ value: Double) -> String {
        value >= 100 ? String(Int(value.rounded())) : String(format: value >= 10 ? "%.1f" : "%.2f", value)
    }
}
