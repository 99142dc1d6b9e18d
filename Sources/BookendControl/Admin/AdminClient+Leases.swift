public import Foundation

extension AdminClient {
    /// What is to happen to a lease; the raw value is the method that says so.
    public enum LeaseChange: String {
        case take = "POST"
        case extend = "PATCH"
        case restore = "DELETE"
    }

    /// - Parameter server: `server`, or `pool/server`.
    public func change(
        _ change: LeaseChange, leaseOf server: String, _ order: LeaseOrder
    ) throws -> (lease: LeaseReport, json: Data) {
        let body = try JSONEncoder().encode(order)
        return try lease(change.rawValue, server, body)
    }

    /// The present lease, or how the last one ended.
    public func lease(of server: String) throws -> (lease: LeaseReport, json: Data) {
        try lease("GET", server, Data())
    }

    public func leases() throws -> (leases: [LeaseReport], json: Data) {
        let json = try get("/v1/leases")
        return (try Self.decoder.decode([LeaseReport].self, from: json), json)
    }

    private func lease(_ method: String, _ server: String, _ body: Data) throws -> (lease: LeaseReport, json: Data) {
        guard server.utf8.allSatisfy({ Self.nameBytes.contains($0) }) else {
            throw Refused(description: "there is no server \(server)", guard: nil, json: Data())
        }
        let head =
            "\(method) /v1/servers/\(server)/lease HTTP/1.1\r\nHost: bookend\r\nContent-Length: \(body.count)\r\n\r\n"
        let (status, answer) = try ask(Array(head.utf8) + body)
        guard status == 200 else { throw Self.refused(status, answer) }
        return (try Self.decoder.decode(LeaseReport.self, from: answer), answer)
    }

    /// Of names of pools and servers, and between them: what else somebody types must not become another request.
    private static let nameBytes = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/".utf8)
}
