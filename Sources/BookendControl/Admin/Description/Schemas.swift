import BookendCore

/// What the admin API's documents look like (JSON Schema 2020-12). A test holds them against what is really sent.
enum Schemas {
    static let all: JSONValue = [
        "Status": status, "Pool": pool, "Server": server, "Memory": memory, "Load": load, "Agent": agent,
        "MemoryReport": memoryReport,
        "Lease": lease, "LeaseOrder": leaseOrder, "LeaseExtension": leaseExtension, "LeaseEnd": leaseEnd,
        "Guard": guardFigures, "Recycle": recycle, "RecycleOrder": recycleOrder, "RecycleEnd": leaseEnd,
        "AgentOrders": agentOrders, "HookReport": hookReport,
        "Alarm": alarm, "AlertTarget": alertTarget, "AlertTestOrder": alertTestOrder,
        "AlertTest": alertTest, "Event": event, "Change": change, "Removal": removal,
        "ServerOrder": serverOrder, "WeightOrder": weightOrder, "RemovalOrder": removalOrder,
        "JournalPage": journalPage, "Store": store, "Problem": problem, "Description": ["type": "object"],
    ]

    private static let status = object(
        [
            "version": text, "process": count, "uptime_seconds": amount, "workers": count,
            "listeners": list(text), "connections": count, "connection_limit": count,
            "buffer_bytes": count, "buffer_limit_bytes": count,
            "out_of_memory": counter("requests refused because slow connections held the memory"),
            "own_answers": counter("answers that Bookend gave itself"), "dropped_log_lines": count,
            "store": reference("Store"), "alarms": list(reference("Alarm")),
            "alert_targets": list(reference("AlertTarget")), "leases": list(reference("Lease")),
            "pools": list(reference("Pool")), "differences": list(text),
        ], optional: ["not_reloaded": text])

    private static let pool = object(
        [
            "name": text, "balance": text, "panic": flag, "queued": counter("requests that wait for a place now"),
            "shed": counter("requests refused for want of a place"), "shed_reasons": counts, "shed_priorities": counts,
            "unknown_priorities": count, "recycles": list(reference("Recycle")), "servers": list(reference("Server")),
        ], optional: ["spare_capacity_ratio": amount])

    private static let server = object(
        [
            "pool": text, "name": text, "address": text, "backup": flag, "weight": count,
            "state": choice("starting", "healthy", "suspect", "dead", "returning"), "state_seconds": amount,
            "why": text, "rotation": choice("serving", "spare", "suspect", "out", "leased"), "share": part,
            "slow_start": part,
            "in_flight": count,
            "cap_reason": choice(
                "learning", "latency", "memory", "death", "configured", "agent", "slow-start", "draining", "none"),
            "requests": counter("since the worker process started"), "errors": count, "connect_failures": count,
            "unreadable_reports": count,
            "requests_per_second": amount, "errors_per_second": amount,
        ],
        optional: [
            "last_probe": text, "last_probe_seconds": amount, "cap": count, "memory": reference("Memory"),
            "load": reference("Load"), "agent": reference("Agent"),
            "p50_milliseconds": amount, "p99_milliseconds": amount,
        ])

    private static let memory = object(
        ["utilization": amount],
        optional: [
            "used_bytes": count, "limit_bytes": count, "base_utilization": amount, "per_request_utilization": amount,
            "base_bytes": count, "per_request_bytes": count, "exhaustion_seconds": amount, "pressure": part,
        ])

    private static let load = object(
        [:],
        optional: ["memory_utilization": amount, "cpu_utilization": amount, "application_utilization": amount])

    private static let agent = object(
        ["weight_percent": count],
        optional: ["out": text, "max_in_flight": count, "answered_seconds": amount, "trouble": text])

    /// Of its memory, or of a hook that has stopped the service.
    private static let memoryReport: JSONValue = [
        "anyOf": [
            object(
                [
                    "memory_used_bytes": [
                        "type": "number", "minimum": 0, "maximum": .number(MemoryReading.limits.upperBound),
                        "examples": [100_000_000],
                    ],
                    "memory_limit_bytes": [
                        "type": "number", "minimum": .number(MemoryReading.limits.lowerBound),
                        "maximum": .number(MemoryReading.limits.upperBound), "examples": [268_435_456],
                    ],
                ], optional: ["memory_pressure": orNull(part), "recycle": orNull(reference("HookReport"))]),
            object(["recycle": reference("HookReport")], optional: [:]),
        ]
    ]

    private static let hookReport = object(
        ["hook": hook, "over": flag],
        optional: [
            "code": orNull(integer), "signal": orNull(integer), "timed_out": orNull(flag),
            "not_started": orNull(text), "output": orNull(text),
        ])

    private static let hook: JSONValue = [
        "type": "integer", "minimum": .number(Double(HookReport.hooks.lowerBound)),
        "maximum": .number(Double(HookReport.hooks.upperBound)),
    ]

    private static let agentOrders = object(
        [
            "recycle": object(
                [
                    "hook": hook, "pool": text, "server": text, "address": text, "why": text,
                    "timeout_seconds": amount,
                ], optional: [:])
        ], optional: [:])

    private static let recycle = object(
        [
            "server": text, "pool": text,
            "phase": choice("waiting", "draining", "hook", "verifying", "overdue", "slow-start", "over"),
            "seconds": amount, "asked_seconds": amount, "cause": choice("asked", "memory"), "owner": text, "why": text,
            "text": text,
        ],
        optional: [
            "waits_for": choice("turn", "leased", "guard", "needed"),
            "outcome": choice(
                "done", "called-off", "stopped", "not-drained", "hook-failed", "no-help", "not-needed",
                "not-configured"),
            "hook": text,
            "output": text, "guard": reference("Guard"),
        ])

    private static let recycleOrder = object(["why": reason, "by": owner], optional: [:])

    private static let alarm = object(
        [
            "kind": choice(AlarmWord.allCases.map(\.rawValue)), "severity": choice("warning", "page"),
            "seconds": amount, "text": text,
        ], optional: [:])

    private static let alertTarget = object(
        [
            "name": text, "way": text, "severity": choice("warning", "page"), "waiting": count, "delivered": count,
            "omitted": counter("alerts that it was never told: too many at once, too old, or refused"),
        ],
        optional: [
            "trouble": text, "trouble_seconds": amount,
            "test": object(["id": text, "taken": flag, "answer": text, "milliseconds": amount], optional: [:]),
        ])

    private static let alertTestOrder = object([:], optional: ["target": orNull(text)])

    private static let alertTest = object(["id": text, "targets": list(text)], optional: [:])

    private static let lease = object(
        [
            "server": text, "pool": text,
            "state": choice("asked", "draining", "out", "verifying", "overdue", "slow-start", "back"), "owner": text,
            "why": text, "age_seconds": amount, "left_seconds": amount,
            "ends_at": time, "forced": flag, "recall": flag, "in_flight": count,
            "health": choice("starting", "healthy", "suspect", "dead", "returning"), "health_seconds": amount,
            "health_why": text, "trial_seconds": amount, "slow_start_seconds": amount,
            "kept": flag,
        ], optional: ["ending": text, "guard": reference("Guard")])

    private static let leaseOrder = object(
        ["why": reason, "by": owner],
        optional: ["for": orNull(leaseLength), "force": orNull(flag), "recall": orNull(flag)])

    private static let leaseExtension = object(["for": leaseLength, "why": reason, "by": owner], optional: [:])

    private static let leaseEnd = object(["by": owner], optional: [:])

    private static let owner = line(of: LeaseLimits.ownerLength, "ada")
    private static let reason = line(of: LeaseLimits.reasonLength, "kernel update")

    private static let leaseLength: JSONValue = [
        "type": "string", "pattern": .text("^(\(LeaseOrder.lengthPattern))$"), "examples": ["30m"],
    ]

    /// Text without control characters.
    private static func line(of longest: Int, _ example: String) -> JSONValue {
        [
            "type": "string", "minLength": 1, "maxLength": .number(Double(longest)), "examples": [.text(example)],
            "pattern": #"^[^\u0000-\u001F\u007F-\u009F]*$"#,
        ]
    }

    private static let change = object(
        ["changed": list(text), "differs": list(text), "forgotten": list(text), "warnings": list(text)], optional: [:])

    private static let removal = object(
        ["server": text, "pool": text, "removed": flag], optional: ["lease": reference("Lease")])

    private static let weight: JSONValue = ["type": "integer", "minimum": 1, "maximum": 256]

    /// As configuration has it.
    private static let name: JSONValue = [
        "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$", "maxLength": 64, "examples": ["web-03"],
    ]

    private static let serverOrder = object(
        ["pool": name, "name": name, "address": ["type": "string", "examples": ["127.0.0.1:9003"]], "by": owner],
        optional: ["backup": orNull(flag), "weight": orNull(weight)])

    private static let weightOrder = object(["weight": weight, "by": owner], optional: [:])

    private static let removalOrder = object(["by": owner], optional: ["why": orNull(reason), "force": orNull(flag)])

    private static let guardFigures = object(
        [
            "verdict": choice("passes", "trial", "refused"), "serving": flag,
            "rest": list(object(["server": text, "holds": count, "at_least": flag], optional: [:])),
            "absent": list(object(["server": text, "reason": text], optional: [:])), "holds": amount,
            "in_flight": amount, "usual": amount, "known_seconds": amount,
        ], optional: ["passes_in_seconds": amount])

    private static let store = object(
        ["path": text, "lost_entries": counter("events for which the journal had no room")],
        optional: ["trouble": text, "trouble_since": time, "moved_aside": text])

    private static let journalPage = object(
        ["entries": list(reference("Event")), "more": flag],
        optional: ["oldest": ["type": "integer", "description": "the id of the oldest event that is kept"]])

    private static let event = object(
        [
            "time": time, "monotonic_nanoseconds": count,
            "kind": choice(Event.Kind.all.map(\.rawValue)), "text": text,
            "detail": ["type": "object", "additionalProperties": [:]],
        ],
        optional: [
            "id": ["type": "integer", "description": "in the journal; none of what is not kept"], "pool": text,
            "server": text,
            "cause": ["type": "integer", "description": "the id of the event that it follows from"],
        ])

    private static let problem = object(
        ["title": text, "status": count, "detail": text], optional: ["guard": reference("Guard")])

    // MARK: - Words

    private static let text: JSONValue = ["type": "string"]
    private static let time: JSONValue = ["type": "string", "format": "date-time"]
    private static let flag: JSONValue = ["type": "boolean"]
    private static let count: JSONValue = ["type": "integer", "minimum": 0]
    private static let integer: JSONValue = ["type": "integer", "minimum": -2_147_483_648, "maximum": 2_147_483_647]
    private static let amount: JSONValue = ["type": "number", "minimum": 0]
    private static let part: JSONValue = ["type": "number", "minimum": 0, "maximum": 1]

    /// Counts by name.
    private static let counts: JSONValue = ["type": "object", "additionalProperties": count]

    private static func counter(_ meaning: String) -> JSONValue {
        ["type": "integer", "minimum": 0, "description": .text(meaning)]
    }

    private static func choice(_ words: String...) -> JSONValue { choice(words) }

    private static func choice(_ words: [String]) -> JSONValue {
        ["type": "string", "enum": .list(words.map { .text($0) })]
    }

    /// What may be missing may be null too.
    private static func orNull(_ schema: JSONValue) -> JSONValue { ["anyOf": [schema, ["type": "null"]]] }

    private static func list(_ item: JSONValue) -> JSONValue { ["type": "array", "items": item] }

    private static func reference(_ schema: String) -> JSONValue {
        ["$ref": .text("#/components/schemas/\(schema)")]
    }

    private static func object(_ required: [String: JSONValue], optional: [String: JSONValue]) -> JSONValue {
        [
            "type": "object", "required": .list(required.keys.sorted().map { .text($0) }),
            "properties": .object(required.merging(optional) { first, _ in first }),
        ]
    }
}
