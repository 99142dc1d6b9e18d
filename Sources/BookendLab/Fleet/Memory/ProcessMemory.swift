import BookendCore
import Glibc

/// What one process has in memory.
enum ProcessMemory {
    /// Line `VmRSS:   41856 kB` of `/proc/PID/status` (proc(5)); a kB is 1,024 bytes there.
    static func resident(of process: pid_t, _ files: GroupFiles = GroupFiles()) -> ByteCount? {
        for line in (files.read("/proc/\(process)/status") ?? "").split(separator: "\n") {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            if words.count == 3, words[0] == "VmRSS:" { return Int(words[1]).map { .kibibytes($0) } }
        }
        return nil
    }
}
