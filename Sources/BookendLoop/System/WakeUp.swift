public import BookendCore
import CLinux
import Glibc

/// Wakes one thread that waits for work: an eventfd, so a signal given before the wait is not lost.
public struct WakeUp: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    public init() throws(Errno) {
        let raw = eventfd(0, Int32(EFD_CLOEXEC))
        guard raw >= 0 else { throw .last }
        descriptor = FileDescriptor(owning: raw)
    }

    public func signal() {
        eventfd_write(descriptor.raw, 1)
    }

    /// Blocks until a signal was given since the last wait.
    public func wait() {
        var count: eventfd_t = 0
        eventfd_read(descriptor.raw, &count)
    }

    /// Blocks until a signal was given since the last wait, but not for longer than `limit`.
    public func wait(atMost limit: TimeSpan) {
        var wanted = pollfd(fd: descriptor.raw, events: Int16(POLLIN), revents: 0)
        if poll(&wanted, 1, Int32(clamping: limit.nanoseconds / 1_000_000)) > 0 { wait() }
    }
}
