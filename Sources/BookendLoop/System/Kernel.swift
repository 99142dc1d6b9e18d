public import BookendCore
public import CLinux
import Glibc

/// What a read or a write came to.
public enum Transfer: Equatable, Sendable {
    /// So many bytes moved, at least one.
    case bytes(Int)
    /// Nothing can move now; an edge will tell when it can.
    case wouldBlock
    /// The other side will send nothing more (reads only).
    case end
    case failed(Errno)
}

/// The system calls that the loop and its streams make. A class, so that tests can put a scripted one in its place:
/// one indirect call beside a system call costs nothing that can be measured.
open class Kernel {
    public init() {}

    open func read(_ descriptor: Int32, into memory: UnsafeMutableRawBufferPointer) -> Transfer {
        transfer(clinux_receive(descriptor, memory.baseAddress, memory.count, 0), zeroIsEnd: true)
    }

    /// Looks at what a read would give, without taking it.
    open func peek(_ descriptor: Int32) -> Transfer {
        var byte: UInt8 = 0
        return transfer(clinux_receive(descriptor, &byte, 1, Int32(MSG_PEEK)), zeroIsEnd: true)
    }

    open func write(_ descriptor: Int32, _ memory: UnsafeRawBufferPointer) -> Transfer {
        transfer(clinux_send(descriptor, memory.baseAddress, memory.count), zeroIsEnd: false)
    }

    /// Writes two pieces of memory with one system call.
    open func write(
        _ descriptor: Int32, _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer
    ) -> Transfer {
        transfer(
            clinux_send_two(descriptor, first.baseAddress, first.count, second.baseAddress, second.count),
            zeroIsEnd: false)
    }

    /// Accepts one connection, non-blocking and closed on exec.
    open func accept(_ descriptor: Int32, from peer: inout SocketAddress) -> Result<Int32, Errno> {
        let accepted = peer.receive { address, length in
            clinux_accept(descriptor, address, length)
        }
        return accepted >= 0 ? .success(accepted) : .failure(.last)
    }

    /// Starts to connect; `.inProgress` is the usual answer.
    open func connect(_ descriptor: Int32, to address: SocketAddress) -> Errno? {
        address.withRaw { Glibc.connect(descriptor, $0, $1) } == 0 ? nil : .last
    }

    /// How a connection attempt ended: nil when it stands (SO_ERROR).
    open func connectError(_ descriptor: Int32) -> Errno? {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 else { return .last }
        return code == 0 ? nil : Errno(code)
    }

    /// Sends a FIN: no more bytes go out, reading goes on.
    open func shutdownWrite(_ descriptor: Int32) {
        _ = Glibc.shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Waits for events; nil waits without limit.
    open func wait(
        epoll: Int32, for timeout: TimeSpan?, into events: UnsafeMutableBufferPointer<epoll_event>
    ) -> Result<Int, Errno> {
        let count = clinux_epoll_wait(
            epoll, events.baseAddress, Int32(events.count), timeout.map { max(0, $0.nanoseconds) } ?? -1)
        return count >= 0 ? .success(Int(count)) : .failure(.last)
    }

    open func register(_ descriptor: Int32, with epoll: Int32, events: UInt32, token: UInt64) -> Errno? {
        var event = clinux_epoll_event(events, token)
        return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 ? nil : .last
    }

    open func deregister(_ descriptor: Int32, from epoll: Int32) {
        epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nil)
    }

    open func now() -> Moment {
        Moment(nanoseconds: clinux_monotonic())
    }

    /// The time of day: nanoseconds since 1970, UTC.
    open func wallClock() -> UInt64 {
        clinux_wall_clock()
    }

    private func transfer(_ count: Int, zeroIsEnd: Bool) -> Transfer {
        if count > 0 { return .bytes(count) }
        if count == 0 { return zeroIsEnd ? .end : .wouldBlock }
        let error = Errno.last
        return error == .wouldBlock ? .wouldBlock : .failed(error)
    }
}
