import BookendConfig
import BookendCore
import BookendLoop
import Glibc

/// Bookend's own start and end, for the journal.
struct RunJournal {
    private let journal: Journal
    private let supervisor: String

    /// - Parameter supervisor: the process that started this one.
    init(_ journal: Journal, supervisor: Int32) {
        self.journal = journal
        self.supervisor = Self.identity(of: supervisor)
    }

    /// - Parameter last: what was written at the start or the end before.
    func started(_ configuration: Configuration, after last: JournalEntry?) {
        let detail = ["version": Version.current, "process": "\(getpid())", "supervisor": supervisor]
        if let last, last.kind != .stop, last.detail["supervisor"] == supervisor {
            let line = "the worker process died; process \(getpid()) serves in its place"
            journal.write(.process, pool: nil, server: nil, line, detail: detail, cause: last.id)
            return
        }
        let places = configuration.listeners.map { "\($0.bind)" }.joined(separator: ", ")
        let before = last.map { $0.kind == .stop ? "" : "; the one before was not told to stop" } ?? ""
        let start = journal.write(
            .start, pool: nil, server: nil, "Bookend \(Version.current) starts on \(places)\(before)", detail: detail,
            cause: nil)
        let pools = configuration.pools.map { "\($0.name): \($0.servers.map(\.name).joined(separator: " "))" }
        journal.write(
            .configuration, pool: nil, server: nil, "configuration: \(pools.joined(separator: "; "))",
            detail: ["yaml": configuration.effectiveYAML()], cause: start)
    }

    func stops() {
        journal.write(
            .stop, pool: nil, server: nil, "Bookend stops: it was told to", detail: ["supervisor": supervisor],
            cause: nil)
    }

    /// A process number alone comes again: in a container it is always 1. With the time of its start it does not
    /// (proc_pid_stat(5), field 22).
    private static func identity(of process: Int32) -> String {
        let raw = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
        guard raw >= 0 else { return "\(process)" }
        let file = FileDescriptor(owning: raw)
        let stat = String(decoding: BlockingSocket.readAll(file), as: UTF8.self)
        // Behind the name, which may hold anything, comes field 3.
        let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
        return "\(process) \(fields.count > 19 ? fields[19] : "")"
    }
}
