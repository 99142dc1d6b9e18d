import Glibc

/// What the kernel says about a process.
enum ProcessFacts {
    /// `VmRSS` in bytes.
    static func residentBytes(of id: pid_t) -> Int {
        for line in readText("/proc/\(id)/status").split(separator: "\n") where line.hasPrefix("VmRSS:") {
            let digits = line.filter(\.isNumber)
            return (Int(digits) ?? 0) * 1_024
        }
        return 0
    }

    /// Its share of what it has in memory, in bytes: what processes have in common is divided among them.
    static func proportionalBytes(of id: pid_t) -> Int {
        for line in readText("/proc/\(id)/smaps_rollup").split(separator: "\n") where line.hasPrefix("Pss:") {
            return (Int(line.filter(\.isNumber)) ?? 0) * 1_024
        }
        return 0
    }

    /// Memory that is this process's alone: what would be free without it.
    static func privateBytes(of id: pid_t) -> Int {
        var sum = 0
        for line in readText("/proc/\(id)/smaps_rollup").split(separator: "\n") where line.hasPrefix("Private_") {
            sum += (Int(line.filter(\.isNumber)) ?? 0) * 1_024
        }
        return sum
    }

    /// User and system time of all its threads.
    static func cpuSeconds(of id: pid_t) -> Double {
        // The name, in parentheses, may hold anything; the times are fields 14 and 15 (proc_pid_stat(5)).
        let fields = readText("/proc/\(id)/stat").split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Seconds in which its first worker ran or wanted to run and had to wait for a core.
    static func workerSeconds(of id: pid_t) -> Double {
        guard let folder = opendir("/proc/\(id)/task") else { return 0 }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard readText("/proc/\(id)/task/\(name)/comm") == "worker 0\n" else { continue }
            let times = readText("/proc/\(id)/task/\(name)/schedstat").split(separator: " ").prefix(2)
            return times.compactMap { Double($0) }.reduce(0, +) / 1e9
        }
        return 0
    }

    static func children(of id: pid_t) -> [pid_t] {
        readText("/proc/\(id)/task/\(id)/children").split(separator: " ").compactMap { pid_t($0) }
    }

    static func openDescriptors(of id: pid_t) -> Int {
        guard let folder = opendir("/proc/\(id)/fd") else { return 0 }
        defer { closedir(folder) }
        var count = -2
        while readdir(folder) != nil { count += 1 }
        return count
    }
}
