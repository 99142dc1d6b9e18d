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
                + "\(report.connections) of \(report.connectionLimit) connections  "
                + "\(mebibytes(UInt64(report.bufferBytes))) of \(mebibytes(UInt64(report.bufferLimitBytes))) in buffers"
        ]
        lines.append("listening on " + report.listeners.map { "http://\($0)" }.joined(separator: "  "))
        for alarm in report.alarms {
            lines.append("\(alarm.severity == "page" ? "ALARM" : "warning"): \(alarm.text), for \(span(alarm.seconds))")
        }
        if !report.leases.isEmpty { lines += [""] + LeaseScreen.table(report.leases) }
        for pool in report.pools {
            lines.append("")
            let spare = pool.spareCapacityRatio.map { "  spare capacity \(number($0))" }
            lines.append("pool \(pool.name)  \(pool.balance)\(spare ?? "")")
            if pool.panic { lines.append("  NO SERVER IS HEALTHY: requests go to whoever may still answer") }
            if pool.queued > 0 || pool.shed > 0 {
                lines.append("  \(pool.queued) requests wait for a place; \(pool.shed) were refused for want of one")
            }
            lines += table(pool)
            lines.append("")
            lines += health(pool)
            lines += memory(pool)
        }
        if report.outOfMemory > 0 {
            lines += ["", "memory: \(report.outOfMemory) requests were refused, because slow connections held it"]
        }
        if report.droppedLogLines > 0 {
            lines += [
                "", "access log: \(report.droppedLogLines) lines were dropped, the disk or the reader was too slow",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var uptime: String {
        span(report.uptimeSeconds)
    }

    private func span(_ time: Double) -> String { ScreenText.span(time) }
    private func number(_ value: Double) -> String { ScreenText.number(value) }
    private func aligned(_ rows: [[String]], left: Int) -> [String] { ScreenText.aligned(rows, left: left) }

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
        if server.rotation == "leased" { notes.append("taken out") }
        if server.rotation == "spare" { notes.append("spare") }
        if server.backup, server.rotation == "serving" { notes.append("in for others") }
        return notes.isEmpty ? server.state : "\(server.state) (\(notes.joined(separator: ", ")))"
    }
}
