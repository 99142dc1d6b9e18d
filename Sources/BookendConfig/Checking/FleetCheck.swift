import BookendCore

/// What only shows when listeners and pools are seen together.
struct FleetCheck {
    let findings: Findings

    /// - Parameter listeners: each with the node to complain about; `nil` where it could not be read.
    func check(_ listeners: [(Listener?, SyntaxNode)], _ pools: [Pool], servers top: Fields) {
        let read = listeners.compactMap { listener, node in listener.map { (listener: $0, node: node) } }
        for (index, later) in read.enumerated() {
            for earlier in read[..<index] where earlier.listener.bind.collides(with: later.listener.bind) {
                let line = earlier.node.place.lineNumber
                findings.error(
                    at: later.node, "`\(later.listener.bind)` is already taken by the listener on line \(line)",
                    advice: "Each address and port listens once. Put both in one listener with `routes`.")
            }
        }
        for listener in read {
            for pool in pools {
                for server in pool.servers where listener.listener.bind.reaches(server.address) {
                    findings.error(
                        at: listener.node, "Bookend would send requests to itself",
                        advice: "`\(server.name)` of the pool `\(pool.name)` has the address \(server.address), "
                            + "and this listener takes it.")
                }
            }
        }
    }

    /// The admin API has an address of its own, that no listener takes and no request is sent to.
    ///
    /// - Parameter node: to complain about.
    func check(_ admin: Admin.Network, at node: SyntaxNode, _ listeners: [Listener], _ pools: [Pool]) {
        for listener in listeners where listener.bind.collides(with: admin.bind) {
            findings.error(
                at: node, "`\(admin.bind)` is already taken by the listener on line \(listener.bindPlace.lineNumber)",
                advice: "The admin API needs a port of its own, such as 9900.")
        }
        for pool in pools {
            for server in pool.servers where admin.bind.reaches(server.address) {
                findings.error(
                    at: node, "clients would reach the admin API",
                    advice: "`\(server.name)` of the pool `\(pool.name)` has the same address, \(server.address).")
            }
        }
    }
}

extension Endpoint {
    /// Both cannot be bound at once. An address of its own beside `0.0.0.0` can: the kernel prefers the exact one.
    fileprivate func collides(with other: Endpoint) -> Bool {
        guard port == other.port, port != 0 else { return false }
        if host == other.host { return true }
        let hosts = [host, other.host]
        return hosts.contains(.any) && hosts.contains { $0.isWildcard && $0 != .any }
    }

    /// A connection to `server` from this machine would arrive at this listener.
    fileprivate func reaches(_ server: Endpoint) -> Bool {
        guard port == server.port else { return false }
        return host == server.host || host.isWildcard && server.host.isThisMachine
    }
}

extension Endpoint.Host {
    fileprivate var isWildcard: Bool {
        self == .any || self == .ipv4(IPv4Address(bits: 0)) || self == .ipv6(IPv6Address(high: 0, low: 0))
    }

    fileprivate var isThisMachine: Bool {
        self == .any || isLoopback || self == .name("localhost")
    }
}
