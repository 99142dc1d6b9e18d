/// Whether what Bookend has to remember is written.
public struct StoreHealth: Codable, Sendable, Equatable {
    /// The file.
    public var path: String
    /// Why nothing can be written now; null when all is well.
    public var trouble: String?
    /// Since when.
    public var troubleSince: WallTime?
    /// What a damaged file was renamed to, since the worker process started.
    public var movedAside: String?
    /// Entries of the journal for which there was no room, since the worker process started.
    public var lostEntries: Int

    init(path: String) {
        self.path = path
        lostEntries = 0
    }
}
