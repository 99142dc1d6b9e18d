import BookendConfig
import BookendCore
import BookendLoop
import Glibc

/// Bookend's own start and end, and what it runs with.
struct RunEvents {
    /// The whole configuration in force, as YAML, for whoever may read the journal. It is long, so those who listen are told what has changed.
    static let whole = "yaml"

    private let events: Events
    private let supervisor: String

    /// - Parameter supervisor: the process that started this one.
    init(_ events: Events, supervisor: Int32) {
        self.events = events
        self.supervisor = Self.identity(of: supervisor)
    }

    /// - Parameter last: what was written at the start or the end before.
    func started(_ configuration: Configuration, after last: Event?) {
        let detail: [String: JSONValue] = [
            "version": .text(Version.current), "process": .number(Double(getpid())), "supervisor": .text(supervisor),
        ]
        if let last, last.kind != .stop, last.detail["supervisor"] == .text(supervisor) {
            tell(.process, "the worker process died; process \(getpid()) serves in its place", detail, cause: last.id)
            return
        }
        let places = configuration.listeners.map { "\($0.bind)" }.joined(separator: ", ")
        let before = last.map { $0.kind == .stop ? "" : "; the one before was not told to stop" } ?? ""
        let start = tell(.start, "Bookend \(Version.current) starts on \(places)\(before)", detail, cause: nil)
        let pools = configuration.pools.map { "\($0.name): \($0.servers.map(\.name).joined(separator: " "))" }
        tell(
            .configuration, "configuration: \(pools.joined(separator: "; "))",
            [Self.whole: .text(configuration.effectiveYAML(isForAnyone: true))], cause: start)
    }

    /// - Parameter lines: what is another from now on.
    func changed(_ lines: [String], _ configuration: Configuration) {
        tell(
            .configuration, "configuration changed: \(lines.joined(separator: "; "))",
            [
                "changed": .list(lines.map { .text($0) }),
                Self.whole: .text(configuration.effectiveYAML(isForAnyone: true)),
            ], cause: nil)
    }

    func stops() {
        tell(.stop, "Bookend stops: it was told to", ["supervisor": .text(supervisor)], cause: nil)
    }

    @discardableResult
    private func tell(
        _ kind: Event.Kind, _ text: String, _ detail: [String: JSONValue], cause: Int64?
    ) -> Int64? {
        events.tell(kind, pool: nil, server: nil, text, detail: detail, cause: cause, isBrief: false)
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
