public import BookendConfig
import BookendCore
import CLinux
import Glibc

/// What follows from the configuration and the machine.
extension Configuration {
    /// Descriptors beside those of connections: sockets, logs, epoll, libraries.
    private static let otherDescriptors = 64

    /// What one process has open whatever it serves: the standard three, sockets of commands, logs, signals, epoll,
    /// what lasts.
    private static let fewestDescriptors = 24
    /// epoll, a mailbox, a client and a server.
    private static let descriptorsPerWorker = 4

    /// Loops of the data plane.
    public var workerCount: Int {
        switch workers {
        case .fixed(let count): count
        case .auto: min(64, Self.usableCores)
        }
    }

    /// Each connection of a client may need a second one to a server.
    public var memoryPlan: MemoryPlan {
        MemoryPlan(memory, possible: max(workerCount, (Self.descriptorLimit - Self.otherDescriptors) / 2))
    }

    /// Of a unit of systemd.
    public var memoryMax: String { "MemoryMax=\(MemoryPlan.serviceLimit(memory).bytes >> 20)M" }

    /// Too few descriptors to serve at all, in words; nil when there are enough.
    var descriptorShortage: String? {
        let limit = Self.descriptorLimit
        let needed = Self.fewestDescriptors + workerCount * (listeners.count + Self.descriptorsPerWorker)
        guard limit < needed else { return nil }
        return "the limit on open files is \(limit), and \(needed) are needed at least"
    }

    /// Cores that this process may run on, which in a container may be fewer than the machine has.
    private static var usableCores: Int {
        max(1, Int(clinux_usable_cores()))
    }

    /// The limit on open files, raised as far as it may be.
    private static var descriptorLimit: Int {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(clamping: limit.rlim_cur)
    }
}
