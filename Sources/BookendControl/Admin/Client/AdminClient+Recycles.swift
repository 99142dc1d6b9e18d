public import Foundation

extension AdminClient {
    /// What is recycled.
    public enum RecycleTarget {
        /// `NAME`, or `POOL/NAME`.
        case server(String)
        case pool(String)
    }

    /// What is to happen; the raw value is the method that says so.
    public enum RecycleChange: String {
        case begin = "POST"
        case callOff = "DELETE"
    }

    /// - Returns: one of a server, or those of a pool in the order of their turns.
    public func change(
        _ change: RecycleChange, recycleOf target: RecycleTarget, _ order: RecycleOrder
    ) throws -> (recycles: [RecycleReport], json: Data) {
        try recycles(change.rawValue, target, body: AdminJSON.encoded(order))
    }

    /// The present one, or how the last one ended; of a pool those that are not over.
    public func recycles(of target: RecycleTarget) throws -> (recycles: [RecycleReport], json: Data) {
        try recycles("GET", target, body: nil)
    }

    private func recycles(
        _ method: String, _ target: RecycleTarget, body: Data?
    ) throws -> (recycles: [RecycleReport], json: Data) {
        switch target {
        case .server(let name):
            let (one, json): (RecycleReport, Data) = try document(
                of: method, "/v1/servers/\(Self.segment(name))/recycle", body: body)
            return ([one], json)
        case .pool(let name):
            let (all, json): ([RecycleReport], Data) = try document(
                of: method, "/v1/pools/\(Self.segment(name))/recycle", body: body)
            return (all, json)
        }
    }
}
