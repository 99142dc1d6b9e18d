/// What is known of a server's memory, for people.
public struct ServerMemory: Sendable, Equatable {
    public let reading: MemoryReading
    /// What its requests cost; nil until they have differed enough to tell.
    public let fit: MemoryModel.Fit?
    /// Until it is used up; nil when nothing grows.
    public let secondsLeft: Double?
}
