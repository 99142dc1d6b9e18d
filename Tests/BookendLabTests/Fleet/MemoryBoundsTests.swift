import BookendCore
import BookendLoop
import Foundation
import Testing

@testable import BookendLab

struct MemoryBoundsTests {
    private let run = RunName("bookend-test-4711-99", kind: "test")!
    private let limit = ByteCount.mebibytes(256)

    @Test("Version 2: the run's group gets the controller from its parent and passes it on; a server cannot swap")
    func unified() throws {
        let kernel = try unifiedKernel()
        let bounds = MemoryBounds.find(for: run, kernel)
        #expect(bounds.folder == "/cg/bookend-test-4711-99")
        #expect(bounds.description == "cgroup v2")
        let bound = try bounds.bound("web-01", limit: limit)
        guard case .group(let group, _) = bound else { throw Errno(EINVAL) }
        #expect(kernel.read(group.folder + "/memory.max") == "268435456")
        #expect(kernel.read(group.folder + "/memory.swap.max") == "0")
        #expect(kernel.read(group.folder + "/memory.oom.group") == "1")
        try kernel.put("104857600\n", at: group.folder + "/memory.current")
        try kernel.put("anon 5\ninactive_file 4857600\n", at: group.folder + "/memory.stat")
        try kernel.put("low 0\noom 3\noom_kill 2\n", at: group.folder + "/memory.events")
        #expect(group.used() == ByteCount(bytes: 100_000_000))
        #expect(bound.outOfMemoryKills == 2)
    }

    @Test("Version 2: a group that holds processes is left as it was, and the one above it serves")
    func busy() throws {
        let kernel = try unifiedKernel(own: "/shell")
        try kernel.putUnified("/cg/shell", controllers: "memory")
        kernel.busy = ["/cg/shell"]
        #expect(MemoryBounds.find(for: run, kernel).folder == "/cg/bookend-test-4711-99")
        #expect(kernel.folders(in: "/cg/shell").isEmpty)
    }

    @Test("Version 1: memory and swap are limited, and what the group uses is without the files it may drop")
    func version1() throws {
        let kernel = try version1Kernel()
        let bounds = MemoryBounds.find(for: run, kernel)
        #expect(bounds.folder == "/cg/memory/bookend-test-4711-99")
        #expect(bounds.description == "cgroup v1")
        let bound = try bounds.bound("web-01", limit: limit)
        guard case .group(let group, _) = bound else { throw Errno(EINVAL) }
        #expect(kernel.read(group.folder + "/memory.limit_in_bytes") == "268435456")
        try kernel.put("3000\n", at: group.folder + "/memory.usage_in_bytes")
        try kernel.put("inactive_file 1\ntotal_inactive_file 1000\n", at: group.folder + "/memory.stat")
        try kernel.put("oom_kill_disable 0\nunder_oom 0\noom_kill 1\n", at: group.folder + "/memory.oom_control")
        #expect(group.used() == ByteCount(bytes: 2_000))
        #expect(bound.outOfMemoryKills == 1)
    }

    @Test("A group without a limit only counts")
    func counting() throws {
        let kernel = try version1Kernel()
        _ = try MemoryBounds.find(for: run, kernel).bound("bookend", limit: nil)
        #expect(kernel.read("/cg/memory/bookend-test-4711-99/bookend/memory.limit_in_bytes") == "")
    }

    @Test("Where no group can be made, a resource limit is in force, and why is said")
    func resourceLimit() throws {
        let kernel = try version1Kernel()
        kernel.forbidden = ["/cg/memory"]
        let bounds = MemoryBounds.find(for: run, kernel)
        #expect(bounds.kind == .resourceLimit(reason: "/cg/memory: Permission denied"))
        #expect(bounds.folder == nil)
        guard case .resourceLimit(limit) = try bounds.bound("web-01", limit: limit) else {
            Issue.record("no resource limit")
            return
        }
        let nothing = MemoryBounds.find(for: run, try KernelStandIn())
        #expect(nothing.kind == .resourceLimit(reason: "no file system with the memory controller is mounted"))
    }

    @Test("Leftovers of runs that are over are removed; living runs, running programs and other groups are not touched")
    func leftovers() throws {
        let kernel = try version1Kernel()
        let living = "/cg/memory/bookend-test-5-70"
        let running = "/cg/memory/bookend-test-6-80"
        for folder in [
            "/cg/memory/bookend-test-5-60", living, running, "/cg/memory/bookend-other-5-60", "/cg/memory/x",
        ] {
            #expect(kernel.makeFolder(folder) == nil)
            #expect(kernel.makeFolder(folder + "/web-01") == nil)
        }
        let fields = ["S"] + (4...21).map { "\($0)" } + ["70", "23"]
        try kernel.put("5 (a (b) c) \(fields.joined(separator: " "))\n", at: "/proc/5/stat")
        try kernel.put("4242\n", at: running + "/web-01/cgroup.procs")
        GroupRemoval(kernel).removeLeftovers(kind: "test")
        #expect(
            kernel.folders(in: "/cg/memory") == ["bookend-other-5-60", "bookend-test-5-70", "bookend-test-6-80", "x"])
        #expect(kernel.folders(in: living) == ["web-01"])
    }

    private func unifiedKernel(own: String = "/") throws -> KernelStandIn {
        let kernel = try KernelStandIn()
        try kernel.put("29 1 0:26 / /cg rw - cgroup2 cgroup2 rw\n", at: "/proc/self/mountinfo")
        try kernel.put("0::\(own)\n", at: "/proc/self/cgroup")
        try kernel.putUnified("/cg", controllers: "cpu memory")
        return kernel
    }

    private func version1Kernel() throws -> KernelStandIn {
        let kernel = try KernelStandIn()
        try kernel.put("35 31 0:32 / /cg/memory rw - cgroup cgroup rw,memory\n", at: "/proc/self/mountinfo")
        try kernel.put("4:memory:/\n", at: "/proc/self/cgroup")
        try kernel.put("", at: "/cg/memory/cgroup.procs")
        return kernel
    }
}
