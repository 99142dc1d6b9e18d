public import BookendCore
public import BookendLoop
public import Glibc

/// How the memory of servers is bounded on this machine, for one run of the demo or a rehearsal.
public struct MemoryBounds {
    public enum Kind: Equatable, Sendable {
        case group(GroupParent)
        /// No control group can be made; why, in words.
        case resourceLimit(reason: String)
    }

    public let kind: Kind
    /// The group of the run, which holds one group for each server.
    public let folder: String?
    private let files: GroupFiles

    /// Takes the best that this machine allows, and makes the group of the run.
    public static func find(for run: RunName, _ files: GroupFiles = GroupFiles()) -> MemoryBounds {
        let candidates = GroupParent.candidates(files)
        var reason = "no file system with the memory controller is mounted"
        for parent in candidates {
            let folder = parent.folder + "/" + run.text
            if let refusal = open(folder, in: parent, files) {
                reason = "\(parent.folder): \(refusal)"
            } else {
                return MemoryBounds(kind: .group(parent), folder: folder, files: files)
            }
        }
        return MemoryBounds(kind: .resourceLimit(reason: reason), folder: nil, files: files)
    }

    /// A server's own bound. Groups of the same name cannot be made twice.
    ///
    /// - Parameter limit: nil only counts.
    public func bound(_ server: String, limit: ByteCount?) throws(Errno) -> MemoryBound {
        guard case .group(let parent) = kind, let folder else { return .resourceLimit(limit) }
        return .group(try MemoryGroup.make(folder + "/" + server, parent.version, limit: limit, files), limit)
    }

    /// For people: what is in force.
    public var description: String {
        switch kind {
        case .group(let parent) where parent.version == .v2: "cgroup v2"
        case .group: "cgroup v1"
        case .resourceLimit: "resource limit (RLIMIT_DATA)"
        }
    }

    /// Makes the group of the run and sees to it that groups below it have the controller. Says why not.
    private static func open(_ folder: String, in parent: GroupParent, _ files: GroupFiles) -> String? {
        // To move a process into a group one must be allowed to write to the group that it leaves and the new one share.
        if parent.version == .v2, !files.mayWrite(parent.folder + "/cgroup.procs") { return "no permission" }
        if let error = files.makeFolder(folder) { return "\(error)" }
        guard parent.version == .v2 else { return nil }
        var refusal: Errno?
        if !files.exists(folder + "/memory.max") {
            refusal = files.write("+memory", to: parent.folder + "/cgroup.subtree_control")
        }
        if refusal == nil, files.exists(folder + "/memory.max") {
            refusal = files.write("+memory", to: folder + "/cgroup.subtree_control")
            if refusal == nil { return nil }
        }
        _ = files.removeFolder(folder)
        return refusal.map { "the memory controller cannot be passed on (\($0))" } ?? "no memory controller below"
    }
}

/// What bounds one server's memory.
public enum MemoryBound {
    case group(MemoryGroup, ByteCount?)
    /// Data of each process, which the kernel refuses to let grow beyond it (RLIMIT_DATA, getrlimit(2)): the server is
    /// not killed, its next allocation fails.
    case resourceLimit(ByteCount?)

    public var limit: ByteCount? {
        switch self {
        case .group(_, let limit), .resourceLimit(let limit): limit
        }
    }

    public var outOfMemoryKills: Int {
        guard case .group(let group, _) = self else { return 0 }
        return group.outOfMemoryKills()
    }
    /// What the processes in the group use; under a resource limit, what this process has in memory.
    public func used(by process: pid_t) -> ByteCount? {
        switch self {
        case .group(let group, _): group.used()
        case .resourceLimit: ProcessMemory.resident(of: process)
        }
    }
}
