import BookendCore
import BookendProxy

/// Figures for Prometheus: base units, and as many series as the configuration has servers and pools.
struct FleetMetrics {
    /// Upper ends of a histogram's buckets, in milliseconds: what people call quick, slow and hopeless.
    static let latencies: [Int64] = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000]
    private static let states = ServerHealth.State.allCases.map(\.name)
    private static let classes = ["0", "1xx", "2xx", "3xx", "4xx", "5xx"]

    private struct Entry {
        let server: StatusReport.Server
        /// Since the worker process started.
        let seen: Observations.OfServer
        let labels: MetricLabels
    }

    private let report: StatusReport
    private let ownAnswers: InlineArray<6, UInt64>
    private let servers: [Entry]

    init(_ fleet: FleetStatus, at now: Moment) {
        report = fleet.report(at: now)
        let seen = fleet.seen
        ownAnswers = fleet.total.ownAnswers
        // Servers stand in the order in which observations count them.
        servers = report.pools.flatMap(\.servers).enumerated().map { index, server in
            Entry(
                server: server, seen: seen[index],
                labels: MetricLabels("pool", server.pool).and("server", server.name))
        }
    }

    var bytes: [UInt8] {
        var text = MetricsText()
        writeBookend(&text)
        writePools(&text)
        writeRequests(&text)
        writeLatency(&text)
        writeServers(&text)
        writeMemory(&text)
        writeLeases(&text)
        writeAlerts(&text)
        return text.bytes
    }

    private func writeBookend(_ text: inout MetricsText) {
        text.metric("info", .gauge, "The version that runs.")
        text.sample(MetricLabels("version", report.version), 1)
        text.metric("uptime_seconds", .gauge, "Since the worker process started; counters begin with it.")
        text.sample(.none, report.uptimeSeconds)
        text.metric("reload_refused", .gauge, "1 while the file on disk was refused, and is not what runs.")
        text.sample(.none, report.notReloaded == nil ? 0 : 1)
        text.metric("connections", .gauge, "Open connections.")
        text.sample(MetricLabels("side", "client"), report.connections)
        text.metric("connections_limit", .gauge, "Connections that may be open.")
        text.sample(MetricLabels("side", "client"), report.connectionLimit)
        text.metric("memory_bytes", .gauge, "What Bookend holds.")
        text.sample(MetricLabels("of", "buffers"), report.bufferBytes)
        text.metric("memory_limit_bytes", .gauge, "What it may hold.")
        text.sample(MetricLabels("of", "buffers"), report.bufferLimitBytes)
        text.metric("out_of_memory_total", .counter, "Requests refused because slow connections held the memory.")
        text.sample(.none, report.outOfMemory)
        text.metric("own_answers_total", .counter, "Answers that Bookend gave itself, by the class of their status.")
        for index in 1..<6 { text.sample(MetricLabels("code", Self.classes[index]), ownAnswers[index]) }
        text.metric("log_lines_dropped_total", .counter, "Lines of the access log that the disk was too slow for.")
        text.sample(.none, report.droppedLogLines)
    }

    private func writePools(_ text: inout MetricsText) {
        text.metric("queue_depth", .gauge, "Requests that wait for a place.")
        for pool in report.pools { text.sample(MetricLabels("pool", pool.name), pool.queued) }
        text.metric("shed_total", .counter, "Requests refused for want of a place.")
        for pool in report.pools {
            for reason in Shed.allCases.map(\.name) {
                text.sample(MetricLabels("pool", pool.name).and("reason", reason), pool.shedReasons[reason] ?? 0)
            }
        }
        text.metric(
            "spare_capacity_ratio", .gauge,
            "What the servers hold without the largest, by the load; none while unknown.")
        for pool in report.pools {
            guard let ratio = pool.spareCapacityRatio else { continue }
            text.sample(MetricLabels("pool", pool.name), ratio)
        }
        text.metric("panic", .gauge, "1 while no server of the pool is healthy.")
        for pool in report.pools { text.sample(MetricLabels("pool", pool.name), pool.panic ? 1 : 0) }
    }

    private func writeRequests(_ text: inout MetricsText) {
        text.metric(
            "requests_total", .counter, "Requests that a server had, by the class of the status; 0 without one.")
        for entry in servers {
            for kind in 0..<6 { text.sample(entry.labels.and("code", Self.classes[kind]), entry.seen.byClass[kind]) }
        }
        text.metric("server_errors_total", .counter, "Answers of 500 and above, and late, broken or missing ones.")
        for entry in servers { text.sample(entry.labels, entry.seen.errors) }
        text.metric("connect_failures_total", .counter, "Connections to a server that could not be made.")
        for entry in servers { text.sample(entry.labels, entry.seen.connectFailures) }
    }

    private func writeLatency(_ text: inout MetricsText) {
        text.metric(
            "request_duration_seconds", .histogram, "From a request's first byte to the head of its server's answer.")
        let bounds = Self.latencies.map { TimeSpan.milliseconds($0) }
        let ends = bounds.map { MetricsText.number($0.inSeconds) }
        for entry in servers {
            let latency = entry.seen.latency
            for (end, count) in zip(ends, latency.counts(below: bounds)) {
                text.part("_bucket", entry.labels.and("le", end), count)
            }
            text.part("_bucket", entry.labels.and("le", "+Inf"), latency.count)
            text.sum(entry.labels, latency.sumInSeconds)
            text.part("_count", entry.labels, latency.count)
        }
    }

    private func writeServers(_ text: inout MetricsText) {
        text.metric("in_flight", .gauge, "Requests in flight.")
        for entry in servers { text.sample(entry.labels, entry.server.inFlight) }
        text.metric("cap", .gauge, "Requests that may be in flight; none where nothing limits them.")
        for entry in servers {
            guard let cap = entry.server.cap else { continue }
            text.sample(entry.labels.and("reason", entry.server.capReason), cap)
        }
        text.metric("server_state", .gauge, "1 for the state that the server is in.")
        for entry in servers {
            for state in Self.states {
                text.sample(entry.labels.and("state", state), entry.server.state == state ? 1 : 0)
            }
        }
        text.metric("server_share_ratio", .gauge, "Of its part of the traffic: less while it is slow.")
        for entry in servers { text.sample(entry.labels, entry.server.share) }
    }

    /// Of servers that were taken out.
    private func writeLeases(_ text: inout MetricsText) {
        func each(_ name: String, _ help: String, _ value: (LeaseReport) -> Double) {
            text.metric(name, .gauge, help)
            for lease in report.leases {
                text.sample(MetricLabels("pool", lease.pool).and("server", lease.server), value(lease))
            }
        }
        each("lease_remaining_seconds", "Until a server that was taken out comes back.") { $0.leftSeconds }
        each("out_of_rotation_seconds", "Since it was taken out.") { $0.ageSeconds }
        text.metric("alarms", .gauge, "Open alarms.")
        for severity in ["page", "warning"] {
            text.sample(
                MetricLabels("severity", severity), report.alarms.count { $0.severity == severity })
        }
    }

    /// Of those who are told of alarms.
    private func writeAlerts(_ text: inout MetricsText) {
        func each(_ name: String, _ kind: MetricsText.Kind, _ help: String, _ value: (AlertTargetReport) -> Int) {
            text.metric(name, kind, help)
            for target in report.alertTargets { text.sample(MetricLabels("target", target.name), value(target)) }
        }
        each("alerts_waiting", .gauge, "Alerts that a target has not taken yet.") { $0.waiting }
        each("alerts_delivered_total", .counter, "Alerts that it took.") { $0.delivered }
        each("alerts_omitted_total", .counter, "Alerts that it was never told: too many, too old, or refused.") {
            $0.omitted
        }
        each("alerts_failing", .gauge, "1 while it does not take them.") { $0.trouble == nil ? 0 : 1 }
    }

    /// Of servers that an agent reports of.
    private func writeMemory(_ text: inout MetricsText) {
        func each(_ name: String, _ help: String, _ value: (StatusReport.Memory) -> Double?) {
            text.metric(name, .gauge, help)
            for entry in servers {
                guard let figure = entry.server.memory.flatMap(value) else { continue }
                text.sample(entry.labels, figure)
            }
        }
        each("server_memory_bytes", "Working set, as an agent reports it.") { $0.usedBytes.map { Double($0) } }
        each("server_memory_limit_bytes", "What it may grow to.") { $0.limitBytes.map { Double($0) } }
        each("server_memory_utilization_ratio", "The part of it that is used.") { $0.utilization }
        each("server_memory_exhaustion_seconds", "Until 0.9 of it is used; none when nothing grows.") {
            $0.exhaustionSeconds
        }
    }
}
