import Glibc

/// Removes the groups of runs.
public struct GroupRemoval {
    /// A killed process leaves its group when the kernel has torn its memory down: milliseconds, for hundreds of MiB.
    private static let attempts = 250
    private static let pause: useconds_t = 20_000

    private let files: GroupFiles

    public init(_ files: GroupFiles = GroupFiles()) {
        self.files = files
    }

    /// Ends whatever still runs in the groups of a run, and removes them. Whoever is in them was started by that run.
    /// False when something stayed.
    @discardableResult
    public func remove(run folder: String) -> Bool {
        for _ in 0..<Self.attempts {
            guard files.exists(folder) else { return true }
            for group in groups(of: folder) { end(group) }
            if removeEmpty(run: folder) { return true }
            usleep(Self.pause)
        }
        return false
    }

    /// Removes what runs left behind that are over. Their processes died with them; a group in which something runs
    /// belongs to a run of another container, whose process ids mean nothing here.
    public func removeLeftovers(kind: String) {
        for parent in GroupParent.candidates(files) {
            for name in files.folders(in: parent.folder) {
                guard let run = RunName(name, kind: kind), run.isOver(files) else { continue }
                removeEmpty(run: parent.folder + "/" + name)
            }
        }
    }

    @discardableResult
    private func removeEmpty(run folder: String) -> Bool {
        for group in groups(of: folder) { _ = files.removeFolder(group) }
        return files.removeFolder(folder) == nil
    }

    private func groups(of folder: String) -> [String] {
        files.folders(in: folder).map { folder + "/" + $0 }
    }

    private func end(_ group: String) {
        let members = (files.read(group + "/cgroup.procs") ?? "").split(separator: "\n").compactMap { pid_t($0) }
        for member in members where member > 0 { kill(member, SIGKILL) }
    }
}
