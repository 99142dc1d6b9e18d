import BookendCore

/// All that was changed while Bookend ran, at most one change for each server but for a weight of one that was added.
public struct RunningChanges: Sendable, Equatable {
    public private(set) var all: [RunningChange]

    public init(_ all: [RunningChange]) {
        self.all = Array(all.prefix(Bounds.runningChanges))
    }

    /// There are as many as are kept.
    public var isFull: Bool { all.count >= Bounds.runningChanges }

    /// One more, in place of what was said of that server before.
    public func with(_ change: RunningChange) -> RunningChanges {
        var next = self
        switch change.kind {
        case .added, .removed: next.all.removeAll { $0.concerns(change.pool, change.server) }
        case .weight:
            if let index = all.firstIndex(where: { $0.kind == .added && $0.concerns(change.pool, change.server) }) {
                let added = all[index]
                next.all[index] = RunningChange(
                    .added, added.pool, added.server, address: added.address, backup: added.backup,
                    weight: change.weight, by: change.by, at: change.at)
                return next
            }
            next.all.removeAll { $0.kind == .weight && $0.concerns(change.pool, change.server) }
        }
        next.all.append(change)
        return next
    }

    /// Without what that server's removal, or anything else, said of it.
    public func without(_ pool: String, _ server: String) -> RunningChanges {
        var next = self
        next.all.removeAll { $0.concerns(pool, server) }
        return next
    }

    /// Those that still make a difference to `file`, and why the others do not.
    public func reconciled(with file: Configuration) -> (changes: RunningChanges, dropped: [String]) {
        var kept: [RunningChange] = []
        var dropped: [String] = []
        for change in all {
            if let reason = Self.void(change, in: file) {
                dropped.append("\(change): forgotten, as \(reason)")
            } else {
                kept.append(change)
            }
        }
        return (RunningChanges(kept), dropped)
    }

    /// Why it makes no difference any more.
    private static func void(_ change: RunningChange, in file: Configuration) -> String? {
        guard let pool = file.pools.first(where: { $0.name == change.pool }) else {
            return "the file has no pool \(change.pool)"
        }
        let server = pool.servers.first { $0.name == change.server }
        switch change.kind {
        case .added:
            if server != nil { return "the file has that server" }
            let twin = pool.servers.first { "\($0.address)" == change.address }
            return twin.map { "the file has that address as \($0.name)" }
        case .removed:
            return server == nil ? "the file does not have it either" : nil
        case .weight:
            guard let server else { return "the file does not have that server" }
            return server.weight == change.weight ? "the file says the same" : nil
        }
    }
}

extension Configuration {
    /// The configuration in force: this one, as the file says it, and what was changed while Bookend ran.
    ///
    /// - Throws: ``RunningChangeProblem`` when the two together break a rule that each file has to keep.
    public func changed(by changes: RunningChanges) throws(RunningChangeProblem) -> Configuration {
        guard !changes.all.isEmpty else { return self }
        var pools = pools
        for change in changes.all {
            guard let index = pools.firstIndex(where: { $0.name == change.pool }) else { continue }
            pools[index] = try pools[index].changed(by: change)
        }
        let changed = Configuration(
            memory: memory, workers: workers, state: state, admin: admin, accessLog: accessLog, alerts: alerts,
            listeners: listeners, pools: pools)
        // By the reader itself: what no file may say cannot be said in another way.
        let read = Configuration.parse(
            text: changed.effectiveYAML(), file: "configuration", environment: [:], isRoot: false)
        if let error = read.diagnostics.first(where: { $0.severity == .error }) {
            throw RunningChangeProblem(description: error.message)
        }
        return changed
    }
}

/// Why a change cannot be.
public struct RunningChangeProblem: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String
}

extension Pool {
    fileprivate func changed(by change: RunningChange) throws(RunningChangeProblem) -> Pool {
        var servers = servers
        switch change.kind {
        case .added:
            servers.append(try Server(change))
        case .removed:
            servers.removeAll { $0.name == change.server }
            guard servers.contains(where: { !$0.isBackup }) else {
                throw RunningChangeProblem(
                    description: "without \(change.server) the pool \(name) has no server that is no backup")
            }
        case .weight:
            guard let weight = change.weight, Bounds.weight.contains(weight) else {
                throw RunningChangeProblem(
                    description: "a weight is \(Bounds.weight.lowerBound) to \(Bounds.weight.upperBound)")
            }
            guard let index = servers.firstIndex(where: { $0.name == change.server }) else { break }
            let server = servers[index]
            servers[index] = Server(
                name: server.name, address: server.address, weight: weight, isBackup: server.isBackup,
                maxInFlight: server.maxInFlight, agent: server.agent, recycling: server.recycling)
        }
        return Pool(
            name: name, balance: balance, servers: servers, health: health, retries: retries, timeouts: timeouts,
            slowStart: slowStart, exerciseBackups: exerciseBackups, admission: admission)
    }
}

extension Server {
    fileprivate init(_ change: RunningChange) throws(RunningChangeProblem) {
        let endpoint: Endpoint
        switch Endpoint.parse(change.address ?? "", for: .server) {
        case .success(let parsed): endpoint = parsed
        case .failure(let problem):
            throw RunningChangeProblem(description: "\(change.address ?? "") is no address: \(problem.reason)")
        }
        let findings = Findings(source: nil)
        let place = Place.flag(change.server)
        Name.check(SyntaxNode.Key(text: change.server, place: place, writtenLength: 1), of: "server", findings)
        if let problem = findings.inOrder().first { throw RunningChangeProblem(description: problem.message) }
        let weight = change.weight ?? Defaults.weight
        guard Bounds.weight.contains(weight) else {
            throw RunningChangeProblem(
                description: "a weight is \(Bounds.weight.lowerBound) to \(Bounds.weight.upperBound)")
        }
        self.init(
            name: change.server, address: endpoint, weight: weight, isBackup: change.backup ?? Defaults.isBackup,
            maxInFlight: Defaults.maxInFlight, agent: nil, recycling: nil)
    }
}
