public import Foundation

extension AdminClient {
    /// What is to happen to a lease; the raw value is the method that says so.
    public enum LeaseChange: String {
        case take = "POST"
        case extend = "PATCH"
        case restore = "DELETE"
    }

    /// - Parameter server: `NAME`, or `POOL/NAME`.
    public func change(
        _ change: LeaseChange, leaseOf server: String, _ order: LeaseOrder
    ) throws -> (lease: LeaseReport, json: Data) {
        try document(of: change.rawValue, Self.path(server), body: AdminJSON.encoded(order))
    }

    /// The present lease, or how the last one ended.
    public func lease(of server: String) throws -> (lease: LeaseReport, json: Data) {
        try document(of: "GET", Self.path(server), body: nil)
    }

    public func leases() throws -> (leases: [LeaseReport], json: Data) {
        try document(of: "GET", "/v1/leases", body: nil)
    }

    private static func path(_ server: String) -> String { "/v1/servers/\(segment(server))/lease" }
}
