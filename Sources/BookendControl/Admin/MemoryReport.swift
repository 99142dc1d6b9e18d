/// What an agent sends to `POST /v1/servers/NAME/report`.
public struct MemoryReport: Codable, Sendable {
    /// The working set: without the pages of files that the kernel would drop at once.
    public let memoryUsedBytes: Double
    public let memoryLimitBytes: Double
    /// The part of the last ten seconds in which some task of it waited for memory, 0 to 1 (PSI); nil where the kernel
    /// does not tell.
    public let memoryPressure: Double?

    public init(memoryUsedBytes: Double, memoryLimitBytes: Double, memoryPressure: Double?) {
        self.memoryUsedBytes = memoryUsedBytes
        self.memoryLimitBytes = memoryLimitBytes
        self.memoryPressure = memoryPressure
    }
}
