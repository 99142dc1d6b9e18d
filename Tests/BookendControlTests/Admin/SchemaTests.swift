import BookendConfig
import BookendCore
import Foundation
import Testing

@testable import BookendControl

@Suite("The admin API's schemas")
struct SchemaTests {
    private func server(isFull: Bool) -> StatusReport.Server {
        StatusReport.Server(
            pool: "main", name: "web-01", address: "127.0.0.1:9001", backup: false, weight: 1, state: "healthy",
            stateSeconds: 1.5, why: "1 good probe", rotation: "serving", share: 1, slowStart: 1,
            lastProbe: isFull ? "good" : nil, lastProbeSeconds: isFull ? 0.1 : nil, inFlight: 2, cap: isFull ? 8 : nil,
            capReason: isFull ? "latency" : "none",
            memory: isFull
                ? StatusReport.Memory(
                    utilization: 0.5, usedBytes: 1, limitBytes: 2, baseUtilization: 0.1, perRequestUtilization: 0.1,
                    baseBytes: 1, perRequestBytes: 1, exhaustionSeconds: 0.5, pressure: 0.1) : nil,
            load: isFull
                ? StatusReport.Load(memoryUtilization: 0.5, cpuUtilization: 1.5, applicationUtilization: 1) : nil,
            agent: isFull
                ? StatusReport.Agent(
                    out: "drain", weightPercent: 0, maxInFlight: 4, answeredSeconds: 1, trouble: "timeout") : nil,
            unreadableReports: 0,
            requests: 10, errors: 0, connectFailures: 0, requestsPerSecond: 1, errorsPerSecond: 0,
            p50Milliseconds: isFull ? 1 : nil, p99Milliseconds: isFull ? 2 : nil)
    }

    private func lease(isFull: Bool) -> LeaseReport {
        LeaseReport(
            server: "web-01", pool: "main", state: "draining", owner: "ann", why: "kernel", ageSeconds: 1,
            leftSeconds: 2,
            endsAt: "2026-11-21T01:56:00Z", forced: false, recall: true, inFlight: 1, health: "healthy",
            healthSeconds: 1, healthWhy: "2 good probes", trialSeconds: 0, slowStartSeconds: 10,
            ending: isFull ? "its time was up" : nil, kept: true, guard: isFull ? figures : nil)
    }

    private func recycle(isFull: Bool) -> RecycleReport {
        RecycleReport(
            server: "web-01", pool: "main", phase: "waiting", seconds: 1, askedSeconds: 2,
            waitsFor: isFull ? "guard" : nil, cause: "asked", owner: "ann", why: "leak",
            outcome: isFull ? "hook-failed" : nil, text: "waits", hook: isFull ? "ended well" : nil,
            output: isFull ? "restarted" : nil, guard: isFull ? figures : nil)
    }

    private var figures: GuardReport {
        GuardReport(
            verdict: "passes", serving: true, rest: [.init(server: "web-02", holds: 4, atLeast: true)],
            absent: [.init(server: "web-03", reason: "leased")], holds: 3.4, inFlight: 1, usual: 2, knownSeconds: 600,
            passesInSeconds: 0)
    }

    private func target(isFull: Bool) -> AlertTargetReport {
        AlertTargetReport(
            name: "chat", way: "webhook 127.0.0.1:9999", severity: "page", waiting: 1, delivered: 2, omitted: 3,
            trouble: isFull ? "no answer within 10s" : nil, troubleSeconds: isFull ? 0.5 : nil,
            test: isFull
                ? AlertTargetReport.Test(id: "test-1", taken: true, answer: "200 OK", milliseconds: 1.5) : nil)
    }

    private func status(isFull: Bool) -> StatusReport {
        StatusReport(
            version: "1.0.0", process: 1, uptimeSeconds: 1, workers: 2, listeners: ["127.0.0.1:8080"], connections: 0,
            connectionLimit: 100, bufferBytes: 0, bufferLimitBytes: 1_000, outOfMemory: 0, ownAnswers: 0,
            droppedLogLines: 0, store: store(isFull: isFull),
            alarms: [StatusReport.Alarm(kind: "no-spare", severity: "page", seconds: 1, text: "no spare")],
            alertTargets: [target(isFull: isFull)],
            leases: [lease(isFull: isFull)], differences: ["main/web-01 has the weight 2, by ann"],
            notReloaded: isFull ? "bookend.yaml:1:1: error" : nil,
            pools: [
                StatusReport.Pool(
                    name: "main", balance: "headroom", panic: false, queued: 0, shed: 0,
                    shedReasons: ["rank": 1], shedPriorities: ["normal": 1], unknownPriorities: 0,
                    spareCapacityRatio: isFull ? 1.5 : nil, recycles: [recycle(isFull: isFull)],
                    servers: [server(isFull: isFull)])
            ])
    }

    private func store(isFull: Bool) -> StoreHealth {
        var health = StoreHealth(path: "/var/lib/bookend/bookend.db")
        guard isFull else { return health }
        (health.trouble, health.troubleSince, health.movedAside) = ("it may not be written", .now, "bookend.db.damaged")
        return health
    }

    private func event(isFull: Bool) -> Event {
        Event(
            id: isFull ? 7 : nil, time: .now, monotonicNanoseconds: 1, kind: .serverState, pool: isFull ? "main" : nil,
            server: isFull ? "web-01" : nil, text: "web-01 is dead",
            detail: isFull ? ["state": "dead", "cap": 4] : [:],
            cause: isFull ? 6 : nil)
    }

    @Test("The status is as described, with everything that may be missing and without it", arguments: [true, false])
    func status(_ isFull: Bool) throws {
        try expect(status(isFull: isFull), is: "Status")
    }

    @Test("Events, problems and reports are as described")
    func others() throws {
        for isFull in [true, false] { try expect(event(isFull: isFull), is: "Event") }
        try expect(JournalPage(entries: [event(isFull: true)], oldest: 1, more: false), is: "JournalPage")
        try expect(AdminAnswer.Problem(title: "Not Found", status: 404, detail: "there is no x"), is: "Problem")
        try expect(
            AdminAnswer.Problem(title: "Conflict", status: 409, detail: "too few", guard: figures), is: "Problem")
        try expect(AlertTestOrder(target: "chat"), is: "AlertTestOrder")
        try expect(AlertTestReport(id: "test-1", targets: ["chat"]), is: "AlertTest")
        try expect(LeaseOrder(for: "30m", why: "x", by: "ann", force: true, recall: false), is: "LeaseOrder")
        try expect(ChangeReport(changed: ["x"], differs: ["y"], forgotten: [], warnings: ["z"]), is: "Change")
        try expect(RemovalReport(server: "a", pool: "b", removed: false, lease: lease(isFull: true)), is: "Removal")
        try expect(RemovalReport(server: "a", pool: "b", removed: true, lease: nil), is: "Removal")
        try expect(
            ServerOrder(pool: "a", name: "b", address: "c:1", backup: true, weight: 2, by: "ann"), is: "ServerOrder")
        try expect(WeightOrder(weight: 2, by: "ann"), is: "WeightOrder")
        try expect(RemovalOrder(why: "x", by: "ann", force: true), is: "RemovalOrder")
        try expect(LeaseOrder(for: "30m", why: "x", by: "ann", force: nil, recall: nil), is: "LeaseExtension")
        try expect(LeaseOrder(for: nil, why: nil, by: "ann", force: nil, recall: nil), is: "LeaseEnd")
        for pressure in [nil, 0.5] {
            try expect(
                MemoryReport(memoryUsedBytes: 1, memoryLimitBytes: 2, memoryPressure: pressure, recycle: nil),
                is: "MemoryReport")
        }
    }

    @Test("What agents say of hooks, and are told, is as described")
    func hooks() throws {
        let order = HookOrder(
            hook: 1, pool: "main", server: "web-01", address: "127.0.0.1:9001", why: "leak", timeoutSeconds: 60)
        try expect(AgentOrders(recycle: order), is: "AgentOrders")
        try expect(RecycleOrder(why: "leak", by: "ann"), is: "RecycleOrder")
        try expect(RecycleOrder(why: nil, by: "ann"), is: "RecycleEnd")
        let endings: [HookResult.Ending] = [.code(1), .signal(9), .timedOut, .notStarted("no such file"), .silent]
        for report in [HookReport(running: 1)] + endings.map({ HookReport(HookResult($0, output: "x"), of: 1) }) {
            try expect(
                MemoryReport(memoryUsedBytes: nil, memoryLimitBytes: nil, memoryPressure: nil, recycle: report),
                is: "MemoryReport")
        }
    }

    @Test("The description of a lease's length is the rule: what it allows is taken, what it forbids is not")
    func lengths() throws {
        guard case .text(let pattern) = Schemas.all["LeaseExtension"]?["properties"]?["for"]?["pattern"] else {
            Issue.record("no pattern")
            return
        }
        let regex = try Regex(pattern)
        let numbers = Array(0...1_500) + [9_999, 10_000, 79_999, 85_999, 86_399, 86_400, 86_401, 90_000, 100_000]
        for (unit, thousand) in [("ms", 1_000), ("s", 1), ("m", 1), ("h", 1)] {
            for number in numbers.flatMap({ [$0, $0 * thousand, $0 * thousand + 1] }) {
                let text = "\(number)\(unit)"
                let isAllowed = TimeSpan(written: text).map(LeaseLimits.lengths.contains) ?? false
                let isDescribed = text.wholeMatch(of: regex) != nil
                #expect(isDescribed == isAllowed, "\(text)")
            }
        }
    }

    /// Holds what is sent against the schema: no name that is not described, none missing, each of its type.
    private func expect(_ value: some Encodable, is schema: String) throws {
        let json = try JSONSerialization.jsonObject(with: AdminJSON.encoded(value))
        let wrong = faults(json, try #require(Schemas.all[schema]), at: schema)
        #expect(wrong.isEmpty, "\(wrong)")
    }

    private func faults(_ value: Any, _ schema: JSONValue, at place: String) -> [String] {
        if case .text(let reference) = schema["$ref"] {
            let name = reference.split(separator: "/").last.map { String($0) } ?? ""
            return Schemas.all[name].map { faults(value, $0, at: place) } ?? ["\(place): no schema \(name)"]
        }
        if case .list(let some) = schema["anyOf"] {
            let tries = some.map { faults(value, $0, at: place) }
            return tries.contains([]) ? [] : tries.joined().map { $0 }
        }
        switch schema["type"] {
        case "object":
            guard let object = value as? [String: Any] else { return ["\(place): no object"] }
            var all: [String] = []
            if case .list(let required) = schema["required"] {
                for case .text(let name) in required where object[name] == nil {
                    all.append("\(place).\(name): missing")
                }
            }
            for (name, inner) in object {
                guard let described = schema["properties"]?[name] ?? schema["additionalProperties"] else {
                    all.append("\(place).\(name): not described")
                    continue
                }
                all += faults(inner, described, at: "\(place).\(name)")
            }
            return all
        case "array":
            guard let list = value as? [Any], let items = schema["items"] else { return ["\(place): no list"] }
            return list.flatMap { faults($0, items, at: place + "[]") }
        case "string":
            guard let text = value as? String else { return ["\(place): no text"] }
            if case .list(let words) = schema["enum"], !words.contains(.text(text)) { return ["\(place): \(text)"] }
            return []
        case "integer", "number":
            guard let number = value as? NSNumber else { return ["\(place): no number"] }
            let isWhole = number.doubleValue == number.doubleValue.rounded()
            return schema["type"] == "integer" && !isWhole ? ["\(place): not whole"] : []
        case "null": return value is NSNull ? [] : ["\(place): not null"]
        case "boolean": return value is Bool ? [] : ["\(place): neither true nor false"]
        case nil where schema.keys.isEmpty: return []
        default: return ["\(place): a type that this test does not know"]
        }
    }
}
