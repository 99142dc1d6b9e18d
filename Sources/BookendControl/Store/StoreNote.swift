/// What the store says of itself.
package enum StoreNote: Sendable {
    /// What was kept is known.
    case loaded
    /// Nothing can be written, for this reason.
    case trouble(path: String, String)
    /// It can be again. So many entries of the journal found no room since the worker process started.
    case over(path: String, lostEntries: Int)
    case movedAside(path: String, to: String, String)

    package var line: String {
        switch self {
        case .loaded: "what was kept is known"
        case .trouble(let path, let reason):
            "ALARM: cannot write \(path): \(reason). Serving goes on; what changes is kept in memory, and written when that"
                + " works again"
        case .over(let path, 0): "\(path) is written again"
        case .over(let path, let lost):
            "\(path) is written again; \(lost) entries of the journal found no room"
        case .movedAside(let path, let aside, let reason):
            "ALARM: \(path) was damaged (\(reason)): it is \(aside) now, and a new file is begun. What this Bookend knows is"
                + " in it; what only the old file held, leases and learned caps too, is not"
        }
    }
}
