/// What an agent sends to `POST /v1/servers/NAME/report`.
public struct MemoryReport: Codable, Sendable {
    /// The working set: without the pages of files that the kernel would drop at once.
    public let memoryUsedBytes: Double
    public let memoryLimitBytes: Double

    public init(memoryUsedBytes: Double, memoryLimitBytes: Double) {
        self.memoryUsedBytes = memoryUsedBytes
        self.memoryLimitBytes = memoryLimitBytes
    }
}
