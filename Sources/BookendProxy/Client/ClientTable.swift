import BookendCore
import BookendLoop
import Synchronization

/// What each client address holds and how often it broke the protocol, over all workers: one lock a connection, none a
/// request. A /64 of IPv6 is one client, as it is one customer (RFC 6177).
public final class ClientTable: Sendable {
    private struct Client {
        var connections = 0
        var violations = 0
        var since = Moment.origin
    }

    private static let window = TimeSpan.seconds(60)

    private let clients = Mutex<[HostAddress: Client]>([:])

    public init() {}

    /// Counts a connection; false when the client has too many, or broke the protocol too often in the last minute.
    func admit(_ peer: HostAddress, limit: Int, at now: Moment) -> Bool {
        clients.withLock { clients in
            if clients.count >= Limits.clients { clients = clients.filter { $0.value.connections > 0 } }
            var client = clients[peer.key] ?? Client()
            if client.since + Self.window <= now { client.violations = 0 }
            guard client.connections < limit, client.violations < Limits.violationsPerMinute else { return false }
            client.connections += 1
            clients[peer.key] = client
            return true
        }
    }

    func release(_ peer: HostAddress) {
        clients.withLock { clients in
            guard var client = clients[peer.key] else { return }
            client.connections -= 1
            clients[peer.key] = client.connections == 0 && client.violations == 0 ? nil : client
        }
    }

    /// Rule 18: a refused message, a slow head.
    func noteViolation(of peer: HostAddress, at now: Moment) {
        clients.withLock { clients in
            guard var client = clients[peer.key] else { return }
            if client.since + Self.window <= now {
                client.since = now
                client.violations = 0
            }
            client.violations += 1
            clients[peer.key] = client
        }
    }

}

extension HostAddress {
    /// What one client is known by.
    var key: HostAddress { isIPv4 ? self : HostAddress(high: high, low: 0) }
}
