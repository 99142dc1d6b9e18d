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
    /// How often it was to be written, and which of these times was the last that it was.
    private let wanted = Atomic(0)
    private let written = Atomic(0)
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

    /// What was to be saved last is not on disk.
    var isBehind: Bool { written.load(ordering: .relaxed) < wanted.load(ordering: .relaxed) }

    /// Never waits for the disk; `isBehind` tells later whether it took them.
    func save(_ changes: RunningChanges) {
        let number = wanted.add(1, ordering: .relaxed).newValue
        thread.post { [self] in
            // What came since is written instead.
            if number == wanted.load(ordering: .relaxed) { write(changes, number) }
        }
    }

    private func write(_ changes: RunningChanges, _ number: Int) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        guard let bytes = try? encoder.encode(changes.all) else { return }
        guard let error = replace(with: Array(bytes)) else {
            written.store(number, ordering: .relaxed)
            if hasFailed.exchange(false, ordering: .relaxed) { say("\(path) is written again") }
            return
        }
        // Once, not at every attempt.
        guard !hasFailed.exchange(true, ordering: .relaxed) else { return }
        say("cannot write \(path): \(error). What was changed holds, and is written when that works again")
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
