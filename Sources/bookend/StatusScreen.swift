import BookendControl
import BookendCore
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
        if let reason = report.notReloaded {
            lines += ["the file on disk is not what runs:"] + reason.split(separator: "\n").map { "  \($0)" }
        }
        if !report.differences.isEmpty {
            lines += ["changed while Bookend ran, and not in the file:"] + report.differences.map { "  " + $0 }
        }
        lines += AlertScreen.trouble(report.alertTargets)
        if !report.leases.isEmpty { lines += [""] + LeaseScreen.table(report.leases) }
        lines += stateTrouble
        for pool in report.pools {
            lines.append("")
            let spare = pool.spareCapacityRatio.map { "  spare capacity \(number($0))" }
            lines.append("pool \(pool.name)  \(pool.balance)\(spare ?? "")")
            if pool.panic { lines.append("  NO SERVER IS HEALTHY: requests go to whoever may still answer") }
            if pool.queued > 0 || pool.shed > 0 {
                lines.append("  \(pool.queued) requests wait for a place; \(pool.shed) were refused for want of one")
            }
            if pool.shed > 0 { lines.append("  " + refusals(pool)) }
            if pool.unknownPriorities > 0 {
                lines.append(
                    "  \(pool.unknownPriorities) requests came with a priority that is none; known: \(priorities)")
            }
            lines += RecycleScreen.lines(pool.recycles).map { "  " + $0 }
            lines += table(pool)
            lines.append("")
            lines += health(pool)
            lines += memory(pool)
            lines += advice(pool)
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

    private var priorities: String { Priority.allCases.reversed().map(\.name).joined(separator: ", ") }

    /// `refused: 4310 background, 12 normal, 0 critical; 4310 by rank, 9 late, 3 by client`
    private func refusals(_ pool: StatusReport.Pool) -> String {
        let mattered = Priority.allCases.map { "\(pool.shedPriorities[$0.name] ?? 0) \($0.name)" }
        let reasons = Shed.allCases.compactMap { reason -> String? in
            guard let count = pool.shedReasons[reason.name], count > 0 else { return nil }
            switch reason {
            case .rank: return "\(count) by rank"
            case .full: return "\(count) as too many waited"
            case .late: return "\(count) after waiting"
            case .client: return "\(count) as their client asked for more than its share"
            }
        }
        return "refused: \(mattered.joined(separator: ", ")); \(reasons.joined(separator: ", "))"
    }

    /// What is wrong with the state folder, though requests are served.
    private var stateTrouble: [String] {
        let store = report.store
        var lines: [String] = []
        if store.trouble != nil { lines.append("state: what changes is kept in memory only") }
        if let aside = store.movedAside {
            lines.append("ALARM: the state was damaged: what was read of it is in use, the file is \(aside) now")
        }
        if store.lostEntries > 0 { lines.append("journal: \(store.lostEntries) entries found no room") }
        return lines
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

    /// What agents and servers report of memory, and what follows from it.
    private func memory(_ pool: StatusReport.Pool) -> [String] {
        let known = pool.servers.compactMap { server in server.memory.map { (server, $0) } }
        guard !known.isEmpty else { return [] }
        let showsPressure = known.contains { $1.pressure != nil }
        var heading = ["server", "memory", "requests take", "used up"]
        if showsPressure { heading.append("waited for memory") }
        let rows = known.map { server, memory -> [String] in
            let left = memory.exhaustionSeconds.map { "in \(span($0))" } ?? "no growth"
            var row = [server.name, used(memory), taken(memory), left]
            if showsPressure { row.append(memory.pressure.map { "\(percent($0)) of the time" } ?? "-") }
            return row
        }
        return [""] + aligned([heading] + rows, left: heading.count)
    }

    private func used(_ memory: StatusReport.Memory) -> String {
        guard let used = memory.usedBytes, let limit = memory.limitBytes else { return percent(memory.utilization) }
        return "\(mebibytes(used)) of \(mebibytes(limit))"
    }

    private func taken(_ memory: StatusReport.Memory) -> String {
        if let base = memory.baseBytes, let each = memory.perRequestBytes {
            return "base \(mebibytes(base)) + \(mebibytes(each)) each"
        }
        guard let base = memory.baseUtilization, let each = memory.perRequestUtilization else { return "not known yet" }
        return "base \(percent(base)) + \(percent(each)) each"
    }

    /// What agents say that are asked, and what servers say of their load beside memory.
    private func advice(_ pool: StatusReport.Pool) -> [String] {
        var lines: [String] = []
        for server in pool.servers {
            if let agent = server.agent { lines.append("  \(server.name): agent \(said(agent))") }
            if let load = server.load, load.cpuUtilization != nil || load.applicationUtilization != nil {
                let cpu = load.cpuUtilization.map { "cpu \(percent($0))" }
                let application = load.applicationUtilization.map { "application \(percent($0))" }
                lines.append("  \(server.name): says \([cpu, application].compactMap(\.self).joined(separator: ", "))")
            }
            if server.unreadableReports > 0 {
                lines.append(
                    "  \(server.name): \(server.unreadableReports) responses had endpoint-load-metrics that cannot be read"
                )
            }
        }
        return lines.isEmpty ? [] : [""] + lines
    }

    /// `says drain, weight 75%, at most 30 in flight; 12ms ago`
    private func said(_ agent: StatusReport.Agent) -> String {
        let ago = agent.answeredSeconds.map { "\(span($0)) ago" }
        if let trouble = agent.trouble { return trouble + (ago.map { "; heard \($0)" } ?? "") }
        guard let ago else { return "not asked yet" }
        var words = [agent.out ?? "ready"]
        if agent.weightPercent != 100 { words.append("weight \(agent.weightPercent)%") }
        if let cap = agent.maxInFlight { words.append("at most \(cap) in flight") }
        return "says \(words.joined(separator: ", ")); \(ago)"
    }

    private func percent(_ part: Double) -> String { "\(number(part * 100))%" }

    private func mebibytes(_ bytes: UInt64) -> String { "\(number(Double(bytes) / 1_048_576)) MiB" }

    private func state(_ server: StatusReport.Server) -> String {
        var notes: [String] = []
        if server.state == "returning" { notes.append("slow start \(Int(server.slowStart * 100))%") }
        if server.share < 1 { notes.append("slow: \(number(server.share * 100))% of its share") }
        if server.rotation == "leased" { notes.append("taken out") }
        if let out = server.agent?.out { notes.append("agent: \(out)") }
        if server.rotation == "spare" { notes.append("spare") }
        if server.backup, server.rotation == "serving" { notes.append("in for others") }
        return notes.isEmpty ? server.state : "\(server.state) (\(notes.joined(separator: ", ")))"
    }
}
