import BookendLoop
import CLinux
import Glibc

/// What the supervisor holds for its worker processes.
struct HeldDescriptors {
    let admin: Int32
    let adminNetwork: Int32?
    /// The worker process's end of the socket for clean-up hooks.
    let hooks: Int32
    /// A file in memory.
    var configuration: Int32
    /// Of each listener one for each worker.
    var listeners: [[Int32]]

    /// In the order of `PassedDescriptors`, at numbers that none of them has; the caller closes these copies.
    ///
    /// - Parameter link: the worker process's end.
    func copies(with link: Int32) -> [Int32]? {
        Self.copies(
            of: [configuration, admin, link, hooks] + (adminNetwork.map { [$0] } ?? []) + listeners.flatMap { $0 })
    }

    /// The same of whatever another process is to get.
    static func copies(of all: [Int32]) -> [Int32]? {
        let lowest = PassedDescriptors.configuration + Int32(all.count)
        var copies: [Int32] = []
        for raw in all {
            let copy = clinux_fcntl(raw, F_DUPFD_CLOEXEC, lowest)
            guard copy >= 0 else {
                close(copies)
                return nil
            }
            copies.append(copy)
        }
        return copies
    }

    /// The addresses are nobody's any more as soon as the worker process lets go of its own.
    func close() {
        Self.close([configuration, admin, hooks] + (adminNetwork.map { [$0] } ?? []) + listeners.flatMap { $0 })
    }

    static func close(_ descriptors: [Int32]) {
        for raw in descriptors { _ = FileDescriptor(owning: raw) }
    }
}
