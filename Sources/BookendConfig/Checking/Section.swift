/// A mapping that a configuration may hold, and the names that are known in it. The reference in
/// `docs/configuration.md` has every one of them; a test holds the two together.
struct Section {
    /// How the documentation and messages call the way to it.
    let path: String
    /// For messages: "in a listener".
    let what: String
    let keys: [String]
    /// Names that the design has and this version does not read yet.
    let later: [String]
    /// How it looks when it is right, to be shown when something else is found instead.
    let example: String

    init(_ path: String, what: String, keys: [String], later: [String] = [], example: String) {
        self.path = path
        self.what = what
        self.keys = keys
        self.later = later
        self.example = example
    }

    static let all = [
        top, admin, accessLog, alert, listener, listenerTimeouts, limits, route, pool, server, health, retries,
        poolTimeouts, admission, recycling,
    ]

    static let top = Section(
        "", what: "at the top",
        keys: [
            "listen", "servers", "health", "memory", "workers", "state", "admin", "access-log", "alerts", "listeners",
            "pools",
        ],
        example: "listen: 127.0.0.1:8080\nservers:\n  web-01: 127.0.0.1:9001\n  web-02: 127.0.0.1:9002")
    static let admin = Section(
        "admin", what: "in `admin`", keys: ["socket", "bind", "token-file"],
        example: "admin: { bind: 127.0.0.1:9900, token-file: /etc/bookend/token }")
    static let accessLog = Section(
        "access-log", what: "in `access-log`", keys: ["path", "format"],
        example: "access-log: { path: /var/log/bookend/access.log, format: json }")
    static let alert = Section(
        "alerts[]", what: "in a target of `alerts`",
        keys: ["webhook", "exec", "syslog", "name", "format", "secret-file", "severity", "timeout"],
        example: "alerts:\n  - webhook: http://127.0.0.1:9999/hook\n  - exec: /usr/local/bin/page-someone")
    static let listener = Section(
        "listeners[]", what: "in a listener",
        keys: ["bind", "trusted-proxies", "timeouts", "limits", "routes", "pool"],
        example: "listeners:\n  - bind: 0.0.0.0:8080\n    pool: bookty")
    static let listenerTimeouts = Section(
        "listeners[].timeouts", what: "in a listener's `timeouts`", keys: ["head", "idle", "body"],
        example: "timeouts: { head: 10s, idle: 60s, body: 30s }")
    static let limits = Section(
        "listeners[].limits", what: "in `limits`", keys: ["head", "fields", "body", "connections-per-client"],
        example: "limits: { head: 32KiB, body: 64MiB }")
    static let route = Section(
        "listeners[].routes[]", what: "in a route", keys: ["host", "path", "pool", "priority"],
        example: "routes:\n  - { host: bookty.example, path: /api/, pool: api }\n  - { pool: bookty }")
    static let pool = Section(
        "pools.NAME", what: "in a pool",
        keys: ["balance", "servers", "health", "admission", "retries", "timeouts", "slow-start", "exercise-backups"],
        example: "pools:\n  bookty:\n    servers:\n      web-01: 127.0.0.1:9001")
    static let server = Section(
        "pools.NAME.servers.NAME", what: "in a server",
        keys: ["address", "weight", "backup", "max-in-flight", "agent-check", "agent-every", "recycle"],
        example: "web-01: 127.0.0.1:9001\nbackup-01: { address: 127.0.0.1:9003, backup: true }")
    static let recycling = Section(
        "pools.NAME.servers.NAME.recycle", what: "in `recycle`",
        keys: ["command", "agent", "timeout", "drain", "ready", "memory"],
        example: "recycle: { command: [systemctl, restart, bookty], timeout: 60s }")
    static let health = Section(
        "pools.NAME.health", what: "in `health`",
        keys: ["path", "every", "timeout", "expect", "expect-header", "expect-body"],
        example: "health: { path: /healthz, every: 250ms, timeout: 1s, expect: 200-399 }")
    static let admission = Section(
        "pools.NAME.admission", what: "in `admission`", keys: ["limiter", "queue", "deadline", "priority-header"],
        example: "admission: { limiter: auto, queue: auto, deadline: 30s }")
    static let retries = Section(
        "pools.NAME.retries", what: "in `retries`", keys: ["budget", "methods", "tries"],
        example: "retries: { budget: 10%, methods: idempotent, tries: 2 }")
    static let poolTimeouts = Section(
        "pools.NAME.timeouts", what: "in a pool's `timeouts`", keys: ["connect", "response", "idle"],
        example: "timeouts: { connect: 1s, response: 30s, idle: 60s }")
}
