public import BookendCore
import BookendLoop
public import Glibc

/// The memory of a service on this machine, wherever the kernel counts it: its control group of version 2 or 1 with the
/// nearest limit above it, or a process without one.
public struct ServiceMemory {
    /// How the service is named.
    public enum Service: Sendable {
        case process(pid_t)
        /// A folder of the control group file system.
        case group(String)
        /// A unit of systemd, such as `bookty.service`.
        case unit(String)
    }

    /// What it uses, and what it may use at most.
    public struct Reading: Equatable, Sendable {
        public let used: ByteCount
        public let limit: ByteCount
        /// The part of the last ten seconds in which some task waited for memory, 0 to 1: of its group where the kernel
        /// tells that (version 2), else of the machine; nil where it tells neither.
        public let pressure: Double?
    }

    private let service: Service
    private let files: GroupFiles

    public init(_ service: Service, _ files: GroupFiles = GroupFiles()) {
        self.service = service
        self.files = files
    }

    /// Nil while the service cannot be found or counted: it may be between two lives.
    public func read() -> Reading? {
        switch service {
        case .process(let id): group(of: id).flatMap(read) ?? process(id)
        case .group(let folder): read(GroupPlace(folder: folder, top: folder))
        case .unit(let name): unit(name).flatMap(read)
        }
    }

    /// A group's folder and the top of its hierarchy, where limits end.
    private struct GroupPlace {
        let folder: String
        let top: String
    }

    private func read(_ place: GroupPlace) -> Reading? {
        let isSecond = files.exists(place.folder + "/memory.current")
        let group = MemoryGroup(isSecond ? .v2 : .v1, folder: place.folder, files)
        guard let used = group.used() else { return nil }
        // Whatever is above may be tighter: the lowest counts.
        var limit = machine
        var folder = place.folder
        while true {
            let text = files.read(folder + (isSecond ? "/memory.max" : "/memory.limit_in_bytes")) ?? ""
            if let bytes = Int(text.split(whereSeparator: \.isWhitespace).first ?? "") {
                limit = min(limit ?? ByteCount(bytes: bytes), ByteCount(bytes: bytes))
            }
            guard folder != place.top, let slash = folder.lastIndex(of: "/") else { break }
            folder = String(folder[..<slash])
        }
        let own = MemoryPressure.some(files.read(place.folder + "/memory.pressure"))
        return limit.map { Reading(used: used, limit: $0, pressure: own ?? machinePressure) }
    }

    /// A process that nothing limits but the machine.
    private func process(_ id: pid_t) -> Reading? {
        guard let used = ProcessMemory.resident(of: id, files), let machine else { return nil }
        return Reading(used: used, limit: machine, pressure: machinePressure)
    }

    private var machinePressure: Double? { MemoryPressure.some(files.read("/proc/pressure/memory")) }

    /// Line `MemTotal:  24609812 kB` of `/proc/meminfo`.
    private var machine: ByteCount? {
        for line in (files.read("/proc/meminfo") ?? "").split(separator: "\n") where line.hasPrefix("MemTotal:") {
            return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map {
                .kibibytes($0)
            }
        }
        return nil
    }

    private func group(of process: pid_t) -> GroupPlace? {
        let own = OwnGroups(files.read("/proc/\(process)/cgroup") ?? "")
        for mount in mounts {
            let path = mount.type == "cgroup2" ? own.unified : own.memory
            guard let path, path != "/" else { continue }
            let folder = mount.folder + path
            if files.exists(folder + "/memory.current") || files.exists(folder + "/memory.usage_in_bytes") {
                return GroupPlace(folder: folder, top: mount.folder)
            }
        }
        return nil
    }

    private func unit(_ name: String) -> GroupPlace? {
        let name = name.contains(".") ? name : name + ".service"
        for mount in mounts {
            for slice in ["/system.slice/", "/"] {
                let folder = mount.folder + slice + name
                if files.exists(folder) { return GroupPlace(folder: folder, top: mount.folder) }
            }
        }
        return nil
    }

    private var mounts: [MountTable.Mount] {
        MountTable(files.read("/proc/self/mountinfo") ?? "").mounts.filter {
            $0.type == "cgroup2" || $0.type == "cgroup" && $0.options.contains("memory")
        }
    }
}
