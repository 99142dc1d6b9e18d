/// Reads the `servers` of a pool.
struct ServersReader {
    let findings: Findings

    /// `nil` after an error.
    func read(_ fields: Fields, _ key: SyntaxNode.Key) -> [Server]? {
        let example = Section.server.example
        guard let entries = fields.named("servers", example: "servers:\n" + example.indented) else { return nil }
        guard !entries.isEmpty else {
            findings.error(at: key, "`servers` holds no server", advice: "For example:\n" + example.indented)
            return nil
        }
        let servers = entries.map { entry in (server: server(entry), entry: entry) }
        refuseSameAddress(servers)
        let read = servers.compactMap(\.server)
        guard read.count == servers.count else { return nil }
        guard read.contains(where: { !$0.isBackup }) else {
            findings.error(
                at: key, read.count == 1 ? "the only server is a backup" : "all servers are backups",
                advice: "A backup serves only what the others cannot hold. "
                    + (key.place.lineNumber > 0
                        ? "Remove `backup: true` from one at least." : "Give one at least without `--backup`."))
            return nil
        }
        return read
    }

    private func server(_ entry: SyntaxNode.Entry) -> Server? {
        Name.check(entry.key, of: "server", findings)
        let name = entry.key.text
        switch entry.value.content {
        case .empty:
            findings.error(
                at: entry.key, "the server `\(name)` has no address", advice: "For example `\(name): 127.0.0.1:9001`.")
            return nil
        case .text:
            guard let address = Scalar(name, entry.value, findings)?.endpoint(for: .server) else { return nil }
            return Server(
                name: name, address: address, weight: Defaults.weight, isBackup: Defaults.isBackup,
                maxInFlight: Defaults.maxInFlight, agent: nil, recycling: nil)
        case .list, .mapping, .unknown:
            guard let fields = Fields(entry.value, .server, findings) else { return nil }
            if fields.lacks("address") {
                findings.error(
                    at: entry.key, "the server `\(name)` has no `address`",
                    advice: "For example `\(name): { address: 127.0.0.1:9001 }`.")
            }
            let address: Endpoint? = fields.read("address", or: nil) { $0.endpoint(for: .server) }
            let weight = fields.read("weight", or: Defaults.weight) { $0.integer(in: Bounds.weight) }
            let isBackup = fields.read("backup", or: Defaults.isBackup) { $0.bool() }
            let maxInFlight = fields.read("max-in-flight", or: Defaults.maxInFlight) {
                $0.automatic(or: Bounds.maxInFlight)
            }
            let agent = agent(fields)
            let recycling = RecycleReader(findings: findings).read(fields)
            return address.map {
                Server(
                    name: name, address: $0, weight: weight, isBackup: isBackup, maxInFlight: maxInFlight, agent: agent,
                    recycling: recycling)
            }
        }
    }

    private func agent(_ fields: Fields) -> AgentCheck? {
        let address: Endpoint? = fields.read("agent-check", or: nil) { $0.endpoint(for: .server) }
        let every = fields.read("agent-every", or: Defaults.agentEvery) { $0.timeSpan(in: Bounds.agentEvery) }
        if fields.lacks("agent-check"), let entry = fields.entry("agent-every") {
            findings.error(
                at: entry.key, "`agent-every` needs an `agent-check`: there is no agent to ask",
                advice: "For example `agent-check: 127.0.0.1:9201, agent-every: 2s`.")
        }
        return address.map { AgentCheck(address: $0, every: every) }
    }

    private func refuseSameAddress(_ servers: [(server: Server?, entry: SyntaxNode.Entry)]) {
        var first: [Endpoint: SyntaxNode.Key] = [:]
        for case (let server?, let entry) in servers {
            guard let key = first[server.address] else {
                first[server.address] = entry.key
                continue
            }
            findings.error(
                at: entry.key, "`\(server.name)` has the same address as `\(key.text)`: \(server.address)",
                advice: "It is one server: it would be counted twice, and be its own spare.\n"
                    + "Correct the address, or remove one"
                    + (key.place.lineNumber > 0 ? ". The first is on line \(key.place.lineNumber)." : "."))
        }
    }
}
