import Foundation

/// What a run makes outside its own process: a folder for its files, and control groups.
public struct Remains: Equatable, Sendable {
    public var folder: String
    /// The group of the run; nil where none could be made.
    public var group: String?

    public init(folder: String, group: String?) {
        self.folder = folder
        self.group = group
    }

    /// Ends what still runs in the groups, and removes everything. Harmless a second time. False when something stayed.
    @discardableResult
    public func remove() -> Bool {
        let isGroupGone = group.map { GroupRemoval().remove(run: $0) } ?? true
        // A process that is just ending may still make a file while the folder is emptied.
        for _ in 0..<3 {
            guard FileManager.default.fileExists(atPath: folder) else { return isGroupGone }
            try? FileManager.default.removeItem(atPath: folder)
            usleep(20_000)
        }
        return isGroupGone && !FileManager.default.fileExists(atPath: folder)
    }

    /// Removes what runs of this kind left behind that were killed together with their sweeper.
    public static func removeLeftovers(kind: String, in parent: String) {
        GroupRemoval().removeLeftovers(kind: kind)
        for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] {
            guard let run = RunName(name, kind: kind), run.isOver(), isOwn(parent + "/" + name) else { continue }
            try? FileManager.default.removeItem(atPath: parent + "/" + name)
        }
    }

    /// In a folder that everybody may write to, a name alone proves nothing.
    private static func isOwn(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && status.st_uid == geteuid()
    }
}
