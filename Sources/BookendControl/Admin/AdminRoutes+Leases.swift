import BookendHTTP
import Foundation

/// `/v1/leases` and `/v1/servers/NAME/lease`.
extension AdminRoutes {
    /// Nil for another path.
    func leaseAnswer(_ method: BookendHTTP.Method, _ path: String, _ body: Data) -> AdminAnswer? {
        if path == "/v1/leases" {
            return method.isSafe ? .json(leases.leases) : .problem(405, "leases are read here", allowing: "GET, HEAD")
        }
        guard let name = Self.server(in: path, before: "/lease") else { return nil }
        let found = fleet.servers(named: name)
        guard found.count == 1 else { return Self.notOne(name, found.count) }
        if method == .get || method == .head { return leases.lease(of: found[0]) }
        guard method == .post || method == .patch || method == .delete else {
            return .problem(
                405, "a lease is read, taken, prolonged or ended", allowing: "GET, HEAD, POST, PATCH, DELETE")
        }
        let text = body.isEmpty ? Data("{}".utf8) : body
        guard let order = try? JSONDecoder().decode(LeaseOrder.self, from: text) else {
            return .problem(
                400, "a lease is {\"for\": \"30m\", \"why\": TEXT, \"by\": NAME, \"force\": false, \"recall\": true}")
        }
        return switch method {
        case .post: leases.take(order, of: found[0])
        case .patch: leases.extend(order, of: found[0])
        default: leases.restore(order, of: found[0])
        }
    }
}
