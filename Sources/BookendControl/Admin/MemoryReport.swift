/// What an agent sends to `POST /v1/servers/NAME/report`. Without memory only while a clean-up hook has stopped the service.
public struct MemoryReport: Codable, Sendable {
    /// The working set: without the pages of files that the kernel would drop at once.
    public let memoryUsedBytes: Double?
    public let memoryLimitBytes: Double?
    /// The part of the last ten seconds in which some task of it waited for memory, 0 to 1 (PSI); nil where the kernel
    /// does not tell.
    public let memoryPressure: Double?
    /// Of the clean-up hook that Bookend has told the agent to run; nil without one.
    public let recycle: HookReport?

    public init(
        memoryUsedBytes: Double?, memoryLimitBytes: Double?, memoryPressure: Double?, recycle: HookReport?
    ) {
        self.memoryUsedBytes = memoryUsedBytes
        self.memoryLimitBytes = memoryLimitBytes
        self.memoryPressure = memoryPressure
        self.recycle = recycle
    }
}
