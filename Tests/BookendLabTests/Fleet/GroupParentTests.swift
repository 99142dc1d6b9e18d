import Testing

@testable import BookendLab

struct GroupParentTests {
    @Test("With version 2, the own group comes first, then all above it that have the memory controller")
    func unifiedNearestFirst() throws {
        let kernel = try KernelStandIn()
        try kernel.put("29 1 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n", at: Self.mounts)
        try kernel.put("0::/user.slice/user-1000.slice/session-3.scope\n", at: Self.own)
        try kernel.putUnified("/sys/fs/cgroup", controllers: "cpu io memory pids")
        try kernel.putUnified("/sys/fs/cgroup/user.slice", controllers: "memory pids")
        try kernel.putUnified("/sys/fs/cgroup/user.slice/user-1000.slice", controllers: "memory pids")
        try kernel.putUnified("/sys/fs/cgroup/user.slice/user-1000.slice/session-3.scope", controllers: "pids")
        #expect(
            GroupParent.candidates(kernel) == [
                GroupParent(version: .v2, folder: "/sys/fs/cgroup/user.slice/user-1000.slice"),
                GroupParent(version: .v2, folder: "/sys/fs/cgroup/user.slice"),
                GroupParent(version: .v2, folder: "/sys/fs/cgroup"),
            ])
    }

    @Test("A version 2 without the memory controller is passed over for version 1, the top before the own group")
    func hybrid() throws {
        let kernel = try KernelStandIn()
        try kernel.put(
            """
            35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
            36 31 0:33 / /sys/fs/cgroup/devices rw,relatime - cgroup cgroup rw,devices
            41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw

            """, at: Self.mounts)
        try kernel.put("4:memory:/jobs/7\n5:devices:/\n0::/\n", at: Self.own)
        try kernel.putUnified("/sys/fs/cgroup/unified", controllers: "hugetlb")
        #expect(
            GroupParent.candidates(kernel) == [
                GroupParent(version: .v1, folder: "/sys/fs/cgroup/memory"),
                GroupParent(version: .v1, folder: "/sys/fs/cgroup/memory/jobs/7"),
            ])
    }

    @Test("In a container that sees only its own part of the hierarchy, paths are taken relative to that part")
    func container() throws {
        let kernel = try KernelStandIn()
        try kernel.put(
            "35 31 0:32 /docker/ab12 /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n", at: Self.mounts)
        try kernel.put("4:memory:/docker/ab12/worker\n", at: Self.own)
        #expect(
            GroupParent.candidates(kernel).map(\.folder) == ["/sys/fs/cgroup/memory", "/sys/fs/cgroup/memory/worker"])
        try kernel.put("4:memory:/docker/ab12\n", at: Self.own)
        #expect(GroupParent.candidates(kernel).map(\.folder) == ["/sys/fs/cgroup/memory"])
    }

    @Test("A group outside of what is mounted, or one of another container by a like name, is not looked for")
    func outside() throws {
        let kernel = try KernelStandIn()
        try kernel.put("35 31 0:32 /docker/ab /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n", at: Self.mounts)
        for path in ["/../other", "/docker/abc", "/"] {
            try kernel.put("4:memory:\(path)\n", at: Self.own)
            #expect(GroupParent.candidates(kernel).map(\.folder) == ["/sys/fs/cgroup/memory"])
        }
    }

    @Test("Without /proc there is nothing to try")
    func noProc() throws {
        #expect(GroupParent.candidates(try KernelStandIn()).isEmpty)
    }

    @Test("Spaces in mount points are unescaped, and lines that are none are passed over")
    func mountTable() {
        let table = MountTable(
            "1 2 0:3 / /mnt/a\\040b\\134c rw shared:1 master:2 - cgroup2 none rw\nnonsense\n1 2 3 4 5 - x\n- - - -\n")
        #expect(
            table.mounts == [MountTable.Mount(root: "/", folder: "/mnt/a b\\c", type: "cgroup2", options: ["rw"])])
    }

    private static let mounts = "/proc/self/mountinfo"
    private static let own = "/proc/self/cgroup"
}
