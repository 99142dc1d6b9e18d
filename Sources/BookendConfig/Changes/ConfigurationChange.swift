/// What is another between two configurations, for people and programs: one line each, in the order of the new one.
public struct ConfigurationChange: Sendable, Equatable {
    /// What changes while Bookend runs.
    public private(set) var lines: [String] = []
    /// What needs a restart.
    public private(set) var fixed: [String] = []

    public var isEmpty: Bool { lines.isEmpty && fixed.isEmpty }

    /// - Parameters: both as they were written: a port 0 is the same port as before.
    public init(from old: Configuration, to new: Configuration) {
        fixed = Self.fixed(old, new)
        if old.accessLog != new.accessLog {
            lines.append("access log: \(Self.text(old.accessLog)) → \(Self.text(new.accessLog))")
        }
        lines += new.alerts.changes(from: old.alerts)
        compareListeners(old, new)
        comparePools(old, new)
    }

    /// Sizes of tables, threads and the sockets of commands are made once.
    private static func fixed(_ old: Configuration, _ new: Configuration) -> [String] {
        var lines: [String] = []
        func compare<Value: Equatable>(_ key: String, _ old: Value, _ new: Value, _ text: (Value) -> String) {
            if old != new { lines.append("\(key): \(text(old)) → \(text(new))") }
        }
        compare("memory", old.memory, new.memory) { "\($0)" }
        compare("workers", old.workers, new.workers) { workers in
            switch workers {
            case .auto: "auto"
            case .fixed(let count): "\(count)"
            }
        }
        compare("state", old.state, new.state) { $0 }
        compare("admin: socket", old.admin.socket, new.admin.socket) { $0 }
        compare("admin: bind", old.admin.network?.bind, new.admin.network?.bind) { $0.map { "\($0)" } ?? "none" }
        compare("admin: token-file", old.admin.network?.tokenFile, new.admin.network?.tokenFile) { $0?.path ?? "none" }
        return lines
    }

    // MARK: - Listeners

    private mutating func compareListeners(_ old: Configuration, _ new: Configuration) {
        let sources = new.listenersKept(from: old)
        for (listener, source) in zip(new.listeners, sources) {
            guard let source else {
                lines.append("listener \(listener.bind): added")
                continue
            }
            compare(old.listeners[source], listener, old, new)
        }
        for (index, listener) in old.listeners.enumerated() where !sources.contains(index) {
            lines.append("listener \(listener.bind): removed")
        }
    }

    private mutating func compare(
        _ before: Listener, _ after: Listener, _ old: Configuration, _ new: Configuration
    ) {
        var parts: [String] = []
        if before.trustedProxies != after.trustedProxies { parts.append("trusted-proxies") }
        if before.timeouts != after.timeouts { parts.append("timeouts") }
        if before.limits != after.limits { parts.append("limits") }
        let isSame =
            before.routes.count == after.routes.count
            && zip(before.routes, after.routes).allSatisfy { one, other in
                (one.host, one.path, one.priority) == (other.host, other.path, other.priority)
                    && old.pool(one.pool).name == new.pool(other.pool).name
            }
        if !isSame { parts.append("routes") }
        if !parts.isEmpty { lines.append("listener \(after.bind): \(parts.joined(separator: ", ")) changed") }
    }

    // MARK: - Pools

    private mutating func comparePools(_ old: Configuration, _ new: Configuration) {
        for pool in new.pools {
            guard let before = old.pools.first(where: { $0.name == pool.name }) else {
                let names = pool.servers.map(\.name).joined(separator: ", ")
                lines.append("pool \(pool.name): added, with \(names)")
                continue
            }
            compare(before, pool)
        }
        for pool in old.pools where !new.pools.contains(where: { $0.name == pool.name }) {
            lines.append("pool \(pool.name): removed")
        }
    }

    private mutating func compare(_ before: Pool, _ after: Pool) {
        var parts: [String] = []
        if before.health != after.health { parts.append("health") }
        if before.retries != after.retries { parts.append("retries") }
        if before.timeouts != after.timeouts { parts.append("timeouts") }
        if before.slowStart != after.slowStart { parts.append("slow-start") }
        if before.exerciseBackups != after.exerciseBackups { parts.append("exercise-backups") }
        if before.admission != after.admission { parts.append("admission") }
        if before.balance != after.balance {
            lines.append("pool \(after.name): balance: \(before.balance.rawValue) → \(after.balance.rawValue)")
        }
        if !parts.isEmpty { lines.append("pool \(after.name): \(parts.joined(separator: ", ")) changed") }
        for server in after.servers {
            let name = "\(after.name)/\(server.name)"
            guard let known = before.servers.first(where: { $0.name == server.name }) else {
                lines.append("\(name): added (\(server.address))")
                continue
            }
            compare(name, known, server)
        }
        for server in before.servers where !after.servers.contains(where: { $0.name == server.name }) {
            lines.append("\(before.name)/\(server.name): removed (\(server.address))")
        }
    }

    private mutating func compare(_ name: String, _ before: Server, _ after: Server) {
        func text(_ cap: Int?) -> String { cap.map { "\($0)" } ?? "auto" }
        if before.address != after.address {
            lines.append("\(name): address: \(before.address) → \(after.address), which is another server")
        }
        if before.weight != after.weight { lines.append("\(name): weight: \(before.weight) → \(after.weight)") }
        if before.isBackup != after.isBackup {
            lines.append("\(name): \(after.isBackup ? "is a backup now" : "is no backup any more")")
        }
        if before.maxInFlight != after.maxInFlight {
            lines.append("\(name): max-in-flight: \(text(before.maxInFlight)) → \(text(after.maxInFlight))")
        }
        if before.agent != after.agent { lines.append("\(name): agent-check changed") }
        if before.recycling != after.recycling { lines.append("\(name): recycle changed") }
    }

    private static func text(_ log: AccessLog) -> String {
        switch log {
        case .off: "off"
        case .on(.standardOutput, let format): "- (\(format.rawValue))"
        case .on(.file(let path), let format): "\(path) (\(format.rawValue))"
        }
    }
}

extension Configuration {
    /// For each listener the one of `old` whose address it has, by its place there; nil for a new one. Both as they were
    /// written.
    public func listenersKept(from old: Configuration) -> [Int?] {
        var left = Array(old.listeners.indices)
        return listeners.map { listener in
            guard let found = left.firstIndex(where: { old.listeners[$0].bind == listener.bind }) else { return nil }
            return left.remove(at: found)
        }
    }
}
