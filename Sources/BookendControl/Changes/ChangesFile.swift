import BookendConfig
import BookendLoop
import Foundation
import Glibc
import Synchronization

/// What was changed while Bookend ran, on disk.
final class ChangesFile: Sendable {
    private static let largest = 1 << 20

    private let path: String
    private let thread: SlowWork
    private let hasFailed = Atomic(false)
    private let say: @Sendable (String) -> Void

    /// - Parameters:
    ///   - folder: of Bookend's state.
    ///   - thread: writes.
    ///   - say: takes one line of text, from any thread.
    init(in folder: String, by thread: SlowWork, say: @escaping @Sendable (String) -> Void) {
        path = folder + (folder.hasSuffix("/") ? "" : "/") + "changes.json"
        self.thread = thread
        self.say = say
    }

    /// None when there is no such file, or none that can be read.
    func load() -> RunningChanges {
        guard let file = FileHandle(forReadingAtPath: path), let data = try? file.read(upToCount: Self.largest),
            let changes = try? JSONDecoder().decode([RunningChange].self, from: data)
        else { return RunningChanges([]) }
        return RunningChanges(changes)
    }

    /// False when too much waits for the disk already.
    func save(_ changes: RunningChanges) -> Bool {
        thread.post { [self] in write(changes) }
    }

    private func write(_ changes: RunningChanges) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        guard let bytes = try? encoder.encode(changes.all) else { return }
        guard let error = replace(with: Array(bytes)) else { return hasFailed.store(false, ordering: .relaxed) }
        // Once, not at every change.
        guard !hasFailed.exchange(true, ordering: .relaxed) else { return }
        say("cannot write \(path): \(error); after a restart the file alone counts")
    }

    /// The file is the old one or the new one at any time, whatever happens meanwhile (rename(2)).
    private func replace(with bytes: [UInt8]) -> Errno? {
        Folder.make(above: path)
        let fresh = path + ".new"
        let raw = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard raw >= 0 else { return .last }
        let file = FileDescriptor(owning: raw)
        guard file.writeAll(bytes), rename(fresh, path) == 0 else { return .last }
        return nil
    }
}
