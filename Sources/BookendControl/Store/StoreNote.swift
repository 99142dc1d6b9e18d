/// What the store says of itself.
package enum StoreNote: Sendable {
    /// What was kept is known.
    case loaded
    /// Nothing can be written, for this reason.
    case trouble(path: String, String)
    /// It can be again. So many entries of the journal found no room since the worker process started.
    case over(path: String, lostEntries: Int)
    case movedAside(path: String, to: String, String)

    package var line: String { isAlarm ? "ALARM: \(text)" : text }

    private var isAlarm: Bool {
        switch self {
        case .trouble, .movedAside: true
        case .loaded, .over: false
        }
    }

    /// The line without its mark.
    var text: String {
        switch self {
        case .loaded: "what was kept is known"
        case .trouble(let path, let reason):
            "cannot write \(path): \(reason). Serving goes on; what changes is kept in memory, and written when that"
                + " works again"
        case .over(let path, 0): "\(path) is written again"
        case .over(let path, let lost):
            "\(path) is written again; \(lost) entries of the journal found no room"
        case .movedAside(let path, let aside, let reason):
            "\(path) was damaged (\(reason)): it is \(aside) now, and a new file is begun. What this Bookend knows is"
                + " in it; what only the old file held, leases and learned caps too, is not"
        }
    }
}
