import BookendCore
import Testing

@testable import BookendLab

@Suite("A service's memory")
struct ServiceMemoryTests {
    private static let mounts = "/proc/self/mountinfo"
    private static let second = "29 1 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
    private static let first = "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
    private static let machine = "MemTotal:        1048576 kB\nMemFree: 1 kB\n"

    @Test("In a group of version 2: the working set, and the lowest limit of all groups above")
    func unified() throws {
        let kernel = try KernelStandIn()
        try kernel.put(Self.second, at: Self.mounts)
        try kernel.put(Self.machine, at: "/proc/meminfo")
        try kernel.put("0::/system.slice/bookty.service\n", at: "/proc/42/cgroup")
        let folder = "/sys/fs/cgroup/system.slice/bookty.service"
        try kernel.put("100000000\n", at: folder + "/memory.current")
        try kernel.put("anon 1\ninactive_file 40000000\n", at: folder + "/memory.stat")
        try kernel.put("max\n", at: folder + "/memory.max")
        try kernel.put("134217728\n", at: "/sys/fs/cgroup/system.slice/memory.max")
        let wanted = ServiceMemory.Reading(used: ByteCount(bytes: 60_000_000), limit: .mebibytes(128), pressure: nil)
        #expect(ServiceMemory(.process(42), kernel).read() == wanted)
        #expect(ServiceMemory(.unit("bookty"), kernel).read() == wanted)
        #expect(ServiceMemory(.unit("bookty.service"), kernel).read() == wanted)
        #expect(ServiceMemory(.group(folder), kernel).read()?.limit == .mebibytes(1_024), "of that group alone")
    }

    @Test("In a group of version 1; no limit is the machine's")
    func version1() throws {
        let kernel = try KernelStandIn()
        try kernel.put(Self.first, at: Self.mounts)
        try kernel.put(Self.machine, at: "/proc/meminfo")
        try kernel.put("4:memory:/jobs/7\n0::/\n", at: "/proc/42/cgroup")
        let folder = "/sys/fs/cgroup/memory/jobs/7"
        try kernel.put("100000000\n", at: folder + "/memory.usage_in_bytes")
        try kernel.put("total_inactive_file 0\n", at: folder + "/memory.stat")
        try kernel.put("9223372036854771712\n", at: folder + "/memory.limit_in_bytes")
        #expect(
            ServiceMemory(.process(42), kernel).read()
                == ServiceMemory.Reading(used: ByteCount(bytes: 100_000_000), limit: .mebibytes(1_024), pressure: nil))
    }

    @Test("Without a group: the process and the machine; without the process: nothing")
    func process() throws {
        let kernel = try KernelStandIn()
        try kernel.put(Self.machine, at: "/proc/meminfo")
        try kernel.put("Name: bookty\nVmRSS:   41856 kB\n", at: "/proc/42/status")
        #expect(
            ServiceMemory(.process(42), kernel).read()
                == ServiceMemory.Reading(used: .kibibytes(41_856), limit: .mebibytes(1_024), pressure: nil))
        #expect(ServiceMemory(.process(43), kernel).read() == nil)
        #expect(ServiceMemory(.unit("none"), kernel).read() == nil)
        #expect(ServiceMemory(.group("/sys/fs/cgroup/none"), kernel).read() == nil)
    }

    @Test("How long tasks waited for memory: of the group, else of the machine, else nothing")
    func pressure() throws {
        let kernel = try KernelStandIn()
        try kernel.put(Self.machine, at: "/proc/meminfo")
        try kernel.put("VmRSS:   41856 kB\n", at: "/proc/42/status")
        #expect(ServiceMemory(.process(42), kernel).read()?.pressure == nil)
        try kernel.put(
            "some avg10=2.50 avg60=0.00 avg300=0.00 total=7\nfull avg10=9.00 avg60=0.00 avg300=0.00 total=5\n",
            at: "/proc/pressure/memory")
        #expect(ServiceMemory(.process(42), kernel).read()?.pressure == 0.025)
        let folder = "/sys/fs/cgroup/a"
        try kernel.put("1000\n", at: folder + "/memory.current")
        #expect(ServiceMemory(.group(folder), kernel).read()?.pressure == 0.025)
        try kernel.put("some avg10=50.00 avg60=0.00 avg300=0.00 total=7\n", at: folder + "/memory.pressure")
        #expect(ServiceMemory(.group(folder), kernel).read()?.pressure == 0.5)
        for broken in [
            "", "some", "some avg10=x total=1\n", "some avg10=-1.0\n", "some avg10=nan\n", "full avg10=1.0\n",
        ] {
            #expect(MemoryPressure.some(broken) == nil, "\(broken)")
        }
    }
}
