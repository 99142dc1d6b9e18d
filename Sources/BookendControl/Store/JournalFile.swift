import GRDB
import Glibc

/// The journal of a Bookend that does not run, straight from its file.
public struct JournalFile {
    /// Why there is nothing to read, in words.
    public struct Unreadable: Error, CustomStringConvertible {
        public let description: String
    }

    public let path: String
    private let file: StoreFile

    /// - Parameter folder: what `state:` says.
    public init(in folder: String) throws(Unreadable) {
        path = StoreFile.path(in: folder)
        // Opening would make it.
        guard access(path, F_OK) == 0 else {
            throw Unreadable(description: "\(path): \(String(cString: strerror(errno)))")
        }
        do {
            file = try StoreFile(path)
        } catch {
            throw Unreadable(description: "\(path): \(StoreFailure(error))")
        }
    }

    /// - Parameter since: a time or a length of time, as `GET /v1/journal` takes it.
    public func page(since: String, after: Int64) throws(Unreadable) -> JournalPage {
        guard let time = JournalQuery.time(since, before: .now) else {
            throw Unreadable(description: "\(since) is no time and no length of time")
        }
        do {
            return try file.page(JournalQuery(since: time, after: after, limit: StoreLimits.pageEntries))
        } catch {
            throw Unreadable(description: "\(path): \(StoreFailure(error))")
        }
    }

    public func close() {
        file.close()
    }
}
