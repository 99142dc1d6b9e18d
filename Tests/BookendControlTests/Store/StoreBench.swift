import BookendLoop
import Foundation
import Glibc
import Synchronization

@testable import BookendControl

/// A folder that goes with the test, and stores in it.
final class StoreBench: Sendable {
    let folder: String
    private let said = Mutex<[String]>([])

    init() throws {
        var template = Array("/tmp/bookend-store-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno.last }
        folder = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var path: String { StoreFile.path(in: folder) }
    /// What the stores said.
    var lines: [String] { said.withLock { $0 } }

    /// With what the file held.
    func store(in folder: String? = nil) throws -> Store {
        let store = try Store(in: folder ?? self.folder) { [self] note in
            if case .loaded = note { return }
            said.withLock { $0.append(note.line) }
        }
        store.waitUntilLoaded()
        return store
    }

    func lease(_ server: String, _ why: String, seconds: Int64 = 3_600) -> LeaseRecord {
        LeaseRecord(
            pool: "main", server: server, owner: "me", why: why, takenAt: .now, endsAt: .now.plus(seconds: seconds),
            isForced: false, allowsRecall: true, isRecycle: true)
    }

    func entry(_ number: Int64, _ text: String, cause: Int64? = nil, at time: WallTime = .now) -> Event {
        Event(
            id: number, time: time, monotonicNanoseconds: 1, kind: .serverState, pool: "main", server: "web-01",
            text: text,
            detail: ["state": "dead"], cause: cause)
    }

    /// Writes an entry; gives its number.
    @discardableResult
    func write(_ text: String, cause: Int64? = nil, in store: Store) -> Int64 {
        store.write { entry($0, text, cause: cause) }.id ?? 0
    }

    /// Takes a lease and waits: whether it is on disk.
    func keep(_ lease: LeaseRecord, in store: Store) throws -> Bool {
        guard case .kept(_, let isOnDisk) = try answer({ .lease(lease, ticket: $0) }, store) else { throw Nothing() }
        return isOnDisk
    }

    func page(since seconds: Int64 = 3_600, after: Int64 = 0, limit: Int = 1_000, of store: Store) throws
        -> JournalPage?
    {
        let query = JournalQuery(since: WallTime.now.plus(seconds: -seconds), after: after, limit: limit)
        guard case .page(let page, _) = try answer({ .page(query, ticket: $0) }, store) else { throw Nothing() }
        return page
    }

    func eventually(_ holds: () throws -> Bool) throws {
        for _ in 0..<2_000 {
            if try holds() { return }
            usleep(5_000)
        }
        throw Nothing()
    }

    struct Nothing: Error {}

    private func answer(_ order: (Int) -> StoreOrder, _ store: Store) throws -> StoreReply {
        let reply = Reply()
        store.take(order(1)) { given in reply.value.withLock { $0 = given } }
        try eventually { reply.value.withLock { $0 != nil } }
        return reply.value.withLock { $0! }
    }

    private final class Reply: Sendable {
        let value = Mutex<StoreReply?>(nil)
    }
}

extension StoreBench {
    static func mode(of path: String) -> UInt32 {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }
}

extension StoreBench {
    static func size(of path: String) -> Int {
        var status = stat()
        return lstat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}
