import BookendLoop
import GRDB
import Glibc

/// The file that holds what lasts: SQLite, with one writer (docs/decisions/0014-state.md).
///
/// Everything blocks: only the store's own thread, or a command that has nothing else to do, may call it.
final class StoreFile {
    static let name = "bookend.db"

    static func path(in folder: String) -> String { folder + (folder.hasSuffix("/") ? "" : "/") + name }

    let database: DatabaseQueue
    private let path: String

    /// Opens the file, makes it when it is not there, and brings its tables to this version. Throws `StoreFailure`,
    /// `Errno` or `DatabaseError`.
    init(_ path: String) throws {
        self.path = path
        Folder.make(above: path)
        try Self.makePrivately(path)
        database = try DatabaseQueue(path: path, configuration: Self.options)
        do {
            guard try !database.read({ try StoreSchema.migrator.hasBeenSuperseded($0) }) else {
                throw StoreFailure(
                    "a newer Bookend has written it; run that one, or set `state:` to another folder", isDamage: false)
            }
            try StoreSchema.migrator.migrate(database)
        } catch {
            try? database.close()
            throw error
        }
    }

    /// Somebody removed or replaced the file under us: what is written goes nowhere.
    var isGone: Bool { access(path, F_OK) != 0 }

    func close() {
        try? database.close()
    }

    /// SQLite would let everybody read it.
    private static func makePrivately(_ path: String) throws {
        let raw = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard raw >= 0 else { throw Errno.last }
        _ = FileDescriptor(owning: raw)
    }

    /// As `PRAGMA auto_vacuum` says it.
    private static let incrementalVacuum = 2

    private static var options: Configuration {
        var options = Configuration()
        options.label = "bookend"
        options.busyMode = .timeout(StoreLimits.busy)
        options.prepareDatabase { database in
            // Before anything is read: then there is no shared memory, which would be a file mapped into a process that
            // must not die when a disk fails.
            try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
            // Set on a file that has it, it is written all the same, and a start waits for the disk three times.
            if try Int.fetchOne(database, sql: "PRAGMA auto_vacuum") != incrementalVacuum {
                try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            }
            for setting in [
                "page_size = \(StoreLimits.pageBytes)",
                "journal_mode = WAL",
                // What was confirmed is there after a power failure: one fdatasync for all that waited together.
                "synchronous = FULL",
                "journal_size_limit = \(StoreLimits.walBytes)",
                "cache_size = -\(StoreLimits.cacheKibibytes)",
                "mmap_size = 0",
                "temp_store = MEMORY",
            ] {
                try database.execute(sql: "PRAGMA \(setting)")
            }
        }
        return options
    }
}
