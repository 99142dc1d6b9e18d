public import Foundation

extension AdminClient {
    /// Names may have to be resolved; longer than Bookend itself lets anybody wait for that.
    private static let changePatience = 65

    /// Takes the file on disk into force.
    public func reload() throws -> (report: ChangeReport, json: Data) {
        try document(of: "POST", "/v1/reload", body: Data(), within: Self.changePatience)
    }

    public func add(_ order: ServerOrder) throws -> (report: ChangeReport, json: Data) {
        try document(of: "POST", "/v1/servers", body: AdminJSON.encoded(order), within: Self.changePatience)
    }

    /// - Parameter server: `NAME`, or `POOL/NAME`.
    public func weigh(_ server: String, _ order: WeightOrder) throws -> (report: ChangeReport, json: Data) {
        try document(of: "PATCH", Self.path(server), body: AdminJSON.encoded(order), within: Self.changePatience)
    }

    /// - Parameter server: `NAME`, or `POOL/NAME`.
    public func remove(_ server: String, _ order: RemovalOrder) throws -> (report: RemovalReport, json: Data) {
        try document(of: "DELETE", Self.path(server), body: AdminJSON.encoded(order), within: Self.changePatience)
    }

    private static func path(_ server: String) -> String { "/v1/servers/\(segment(server))" }
}
