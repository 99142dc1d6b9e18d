public import Glibc

/// The name of one run, `bookend-demo-4711-8812345`, for its folder and its control group: two runs never have the same,
/// and anybody can tell whether the run is over, because a process is identified by its number and its time of start.
public struct RunName: Equatable, Sendable {
    public let kind: String
    public let process: pid_t
    /// In clock ticks since the machine started.
    public let startTime: UInt64

    /// A run of this process.
    public init?(kind: String, _ files: GroupFiles = GroupFiles()) {
        let process = getpid()
        guard let startTime = Self.startTime(of: process, files) else { return nil }
        self.kind = kind
        self.process = process
        self.startTime = startTime
    }

    /// Nil when the text is not the name of a run of this kind.
    public init?(_ text: String, kind: String) {
        let prefix = Self.prefix(kind)
        let numbers = text.dropFirst(prefix.count).split(separator: "-", omittingEmptySubsequences: false)
        guard text.hasPrefix(prefix), numbers.count == 2, let process = pid_t(numbers[0]), process > 0,
            let startTime = UInt64(numbers[1])
        else { return nil }
        self.kind = kind
        self.process = process
        self.startTime = startTime
    }

    public var text: String { "\(Self.prefix(kind))\(process)-\(startTime)" }

    /// The process that made it has ended.
    public func isOver(_ files: GroupFiles = GroupFiles()) -> Bool {
        Self.startTime(of: process, files) != startTime
    }

    private static func prefix(_ kind: String) -> String { "bookend-\(kind)-" }

    /// Field 22 of `/proc/PID/stat` (proc(5)); the name before it may hold spaces and parentheses.
    private static func startTime(of process: pid_t, _ files: GroupFiles) -> UInt64? {
        guard let text = files.read("/proc/\(process)/stat"), let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[end...].dropFirst().split(separator: " ")
        // The field after the name is the third, and a process that only waits to be reaped has ended.
        guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
        return UInt64(fields[19])
    }
}
