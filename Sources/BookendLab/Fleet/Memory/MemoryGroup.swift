public import BookendCore
import BookendLoop
public import Glibc

/// A control group that bounds the memory of the processes in it, and tells what they use of it.
public struct MemoryGroup {
    let version: GroupParent.Version
    public let folder: String
    private let files: GroupFiles

    /// One that is there already.
    init(_ version: GroupParent.Version, folder: String, _ files: GroupFiles) {
        self.version = version
        self.folder = folder
        self.files = files
    }

    /// - Parameter limit: nil makes a group that only counts.
    static func make(
        _ folder: String, _ version: GroupParent.Version, limit: ByteCount?, _ files: GroupFiles
    ) throws(Errno) -> MemoryGroup {
        if let error = files.makeFolder(folder) { throw error }
        let group = MemoryGroup(version, folder: folder, files)
        if let limit, let error = group.set(limit) {
            _ = files.removeFolder(folder)
            throw error
        }
        return group
    }

    /// Where a process writes its number to join.
    public var membersFile: String { folder + "/cgroup.procs" }

    /// The working set: without the pages of files that the kernel would drop at once.
    public func used() -> ByteCount? {
        let total = files.read(folder + (version == .v2 ? "/memory.current" : "/memory.usage_in_bytes"))
        guard let total, let bytes = Int(total.split(whereSeparator: \.isWhitespace).first ?? "") else { return nil }
        let droppable = number(version == .v2 ? "inactive_file" : "total_inactive_file", in: "/memory.stat") ?? 0
        return ByteCount(bytes: max(0, bytes - droppable))
    }

    /// Processes that the kernel killed here because the limit was reached, since the group was made.
    public func outOfMemoryKills() -> Int {
        number("oom_kill", in: version == .v2 ? "/memory.events" : "/memory.oom_control") ?? 0
    }

    /// Process ids.
    public func members() -> [pid_t] {
        (files.read(membersFile) ?? "").split(separator: "\n").compactMap { pid_t($0) }
    }

    private func set(_ limit: ByteCount) -> Errno? {
        switch version {
        case .v2:
            if let error = files.write("\(limit.bytes)", to: folder + "/memory.max") { return error }
            // Absent without swap in the kernel.
            _ = files.write("0", to: folder + "/memory.swap.max")
            // A server is dead as a whole or not at all.
            _ = files.write("1", to: folder + "/memory.oom.group")
        case .v1:
            if let error = files.write("\(limit.bytes)", to: folder + "/memory.limit_in_bytes") { return error }
            // Memory and swap together, where the kernel counts swap: no more than memory alone means no swapping.
            _ = files.write("\(limit.bytes)", to: folder + "/memory.memsw.limit_in_bytes")
            // Inherited; a group that freezes its processes instead would never tell.
            _ = files.write("0", to: folder + "/memory.oom_control")
        }
        return nil
    }

    /// The number behind `key` in a file of lines `key number`.
    private func number(_ key: String, in file: String) -> Int? {
        for line in (files.read(folder + file) ?? "").split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, words[0] == key { return Int(words[1]) }
        }
        return nil
    }
}
