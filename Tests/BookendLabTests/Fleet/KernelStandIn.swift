import BookendLoop
import Foundation
import Testing

@testable import BookendLab

/// A folder that behaves like the kernel's control groups: control files come with a group, and with the controllers
/// that its parent passes on.
final class KernelStandIn: GroupFiles {
    /// Groups with processes in them, which cannot pass controllers on.
    var busy: Set<String> = []
    /// Groups in which this process may not make any.
    var forbidden: Set<String> = []

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "bookend-lab-\(UUID().uuidString)")
        super.init(root: folder.path)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: root)
    }

    func put(_ text: String, at path: String) throws {
        let url = URL(filePath: root + path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: url, atomically: false, encoding: .utf8)
    }

    /// A group of version 2 as the system made it.
    func putUnified(_ folder: String, controllers: String, passedOn: String = "") throws {
        try put(controllers, at: folder + "/cgroup.controllers")
        try put(passedOn, at: folder + "/cgroup.subtree_control")
        try put("", at: folder + "/cgroup.procs")
    }

    override func makeFolder(_ path: String) -> Errno? {
        let parent = String(path[..<path.lastIndex(of: "/")!])
        if forbidden.contains(parent) { return .noPermission }
        if let error = super.makeFolder(path) { return error }
        do {
            if exists(parent + "/cgroup.controllers") {
                try putUnified(path, controllers: read(parent + "/cgroup.subtree_control") ?? "")
                if passesMemoryOn(parent) { try putMemoryFiles(path) }
            } else {
                for file in ["limit_in_bytes", "usage_in_bytes", "stat", "oom_control"] {
                    try put("", at: path + "/memory." + file)
                }
                try put("", at: path + "/cgroup.procs")
            }
        } catch {
            Issue.record(error)
        }
        return nil
    }

    override func write(_ text: String, to path: String) -> Errno? {
        let folder = String(path[..<path.lastIndex(of: "/")!])
        let controls = path.hasSuffix("/cgroup.subtree_control")
        if controls, busy.contains(folder) { return Errno(EBUSY) }
        if let error = super.write(text, to: path) { return error }
        if controls {
            for child in folders(in: folder) { try? putMemoryFiles(folder + "/" + child) }
        }
        return nil
    }

    override func removeFolder(_ path: String) -> Errno? {
        guard folders(in: path).isEmpty, (read(path + "/cgroup.procs") ?? "").isEmpty else { return Errno(EBUSY) }
        guard exists(path) else { return Errno(ENOENT) }
        try? FileManager.default.removeItem(atPath: root + path)
        return nil
    }

    private func passesMemoryOn(_ folder: String) -> Bool {
        (read(folder + "/cgroup.subtree_control") ?? "").contains("memory")
    }

    private func putMemoryFiles(_ folder: String) throws {
        for file in ["max", "swap.max", "oom.group", "current", "stat", "events"] {
            try put("", at: folder + "/memory." + file)
        }
    }
}
