/// A control group below which Bookend may be able to make groups with a memory limit.
public struct GroupParent: Equatable, Sendable {
    public enum Version: Sendable {
        case v1, v2
    }

    public let version: Version
    public let folder: String

    /// The places to try, best first. Version 2 before version 1, because it also rules swapping.
    static func candidates(_ files: GroupFiles) -> [GroupParent] {
        let table = MountTable(files.read("/proc/self/mountinfo") ?? "")
        let own = OwnGroups(files.read("/proc/self/cgroup") ?? "")
        let second = table.mounts.filter { $0.type == "cgroup2" }.flatMap { unified($0, own) }
            .filter { hasMemory($0, files) }
        let first = table.mounts.filter { $0.type == "cgroup" && $0.options.contains("memory") }
            .flatMap { memoryHierarchy($0, own) }
        return second + first
    }

    /// The own group and all above it, nearest first: processes may only be moved within what is delegated to us, and a
    /// group that holds processes cannot pass its controllers on (cgroups(7), "no internal processes").
    private static func unified(_ mount: MountTable.Mount, _ own: OwnGroups) -> [GroupParent] {
        var parts = relative(own.unified ?? "/", to: mount.root).split(separator: "/")
        var parents: [GroupParent] = []
        while true {
            parents.append(GroupParent(version: .v2, folder: ([mount.folder[...]] + parts).joined(separator: "/")))
            if parts.popLast() == nil { return parents }
        }
    }

    /// The top of the hierarchy, or, in a container that may not write there, the own group.
    private static func memoryHierarchy(_ mount: MountTable.Mount, _ own: OwnGroups) -> [GroupParent] {
        let below = relative(own.memory ?? "/", to: mount.root)
        let top = GroupParent(version: .v1, folder: mount.folder)
        return below == "/" ? [top] : [top, GroupParent(version: .v1, folder: mount.folder + below)]
    }

    private static func hasMemory(_ parent: GroupParent, _ files: GroupFiles) -> Bool {
        let controllers = files.read(parent.folder + "/cgroup.controllers") ?? ""
        return controllers.split(whereSeparator: \.isWhitespace).contains("memory")
    }

    /// A group's path below a mount that may show only a part of the hierarchy; the top when it is not below.
    private static func relative(_ path: String, to root: String) -> String {
        guard !path.contains("/..") else { return "/" }
        if root == "/" { return path }
        guard path.hasPrefix(root + "/") else { return "/" }
        return String(path.dropFirst(root.count))
    }
}

/// The groups of this process: the lines of `/proc/self/cgroup` (cgroups(7)).
struct OwnGroups {
    /// In version 2.
    let unified: String?
    /// In version 1's hierarchy of the memory controller.
    let memory: String?

    init(_ text: String) {
        var unified: String?
        var memory: String?
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            if fields[0] == "0", fields[1].isEmpty { unified = String(fields[2]) }
            if fields[1].split(separator: ",").contains("memory") { memory = String(fields[2]) }
        }
        self.unified = unified
        self.memory = memory
    }
}
