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
