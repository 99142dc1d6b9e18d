public import Foundation

extension AdminClient {
    /// Begins a test of one target, or of all.
    public func testAlerts(_ order: AlertTestOrder) throws -> (test: AlertTestReport, json: Data) {
        try document(of: "POST", "/v1/alerts/test", body: AdminJSON.encoded(order))
    }

    public func alertTargets() throws -> (targets: [AlertTargetReport], json: Data) {
        try document(of: "GET", "/v1/alerts", body: nil)
    }
}
