import Foundation
import GRDB

extension Storage {
    /// How long a statement waits for another instance's write: longer than any write Bookty makes.
    private static let busyTimeout: Double = 5

    /// Readers of one instance; a page needs one at a time, and each has its own page cache of about 2 MiB.
    private static let readers = 4

    /// Opens the file at `path`, creates or migrates its tables, and fills an empty catalogue.
    ///
    /// Instances may start together on one file: switching to WAL mode and migrating are done by one at a time, under
    /// a lock beside the file. Throws `StartFailure`.
    package static func open(path: String) throws -> Storage {
        try checkFolder(of: path)
        let lock = try FileLock(path: path + ".lock")
        defer { lock.release() }
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(busyTimeout)
            configuration.maximumReaderCount = readers
            configuration.foreignKeysEnabled = true
            configuration.label = "bookty"
            let storage = Storage(pool: try DatabasePool(path: path, configuration: configuration))
            try Schema.migrator.migrate(storage.pool)
            try storage.pool.write { try Seed.fill($0) }
            return storage
        } catch let error as DatabaseError {
            throw StartFailure(database: error, path: path)
        }
    }

    private static func checkFolder(of path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw StartFailure("the folder \(folder) does not exist: create it, or give another file with --data")
        }
        guard !FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) || !isFolder.boolValue else {
            throw StartFailure("\(path) is a folder: give a file with --data, such as \(path)/bookty.sqlite")
        }
    }
}
