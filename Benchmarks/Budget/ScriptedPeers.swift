import BookendCore
import BookendLoop
import CLinux
import Glibc

/// Clients and servers that exist only as answers to system calls: every client sends its next request when it has the
/// answer to the one before, every server answers at once. What the loop and the proxy do is real; what the kernel
/// would do costs nothing, so that only our own work is counted.
final class ScriptedPeers: Kernel {
    private static let request = Array(
        """
        GET /books/1 HTTP/1.1\r
        Host: bookty.example\r
        User-Agent: curl/8.5.0\r
        Accept: */*\r
        Accept-Encoding: gzip, br\r
        Accept-Language: en\r
        Cookie: session=0123456789abcdef\r
        \r\n
        """.utf8)
    private static let response = Array(
        """
        HTTP/1.1 200 OK\r
        Server: bookty\r
        Date: Sat, 21 Nov 2026 01:26:00 GMT\r
        Content-Type: text/plain\r
        Content-Length: 6\r
        \r
        hello\n
        """.utf8)

    private enum Side { case other, listener, client, server }

    private struct Peer {
        var side = Side.other
        var token: UInt64 = 0
        /// Bytes wait to be read.
        var hasInput = false
    }

    private var peers: [Peer] = []
    private var happened: [(descriptor: Int32, events: UInt32)] = []
    private var toAccept: Int
    private var nextSide = Side.other
    private var time = Moment(nanoseconds: 1_000_000_000_000)
    /// Requests that are still to be sent.
    private var requestsLeft: Int
    /// Called when the last answer was written.
    var finished: () -> Void = {}
    private var answersLeft: Int

    init(clients: Int, requests: Int) {
        toAccept = clients
        requestsLeft = requests
        answersLeft = requests
    }

    /// A socket that will be registered next; edges on it mean that clients wait.
    func expectListener() {
        nextSide = .listener
    }

    override func register(_ descriptor: Int32, with epoll: Int32, events: UInt32, token: UInt64) -> Errno? {
        while peers.count <= Int(descriptor) { peers.append(Peer()) }
        peers[Int(descriptor)] = Peer(side: nextSide, token: token)
        switch nextSide {
        case .listener: happened.append((descriptor, EPOLLIN.rawValue))
        case .client: ask(descriptor)
        case .server: happened.append((descriptor, EPOLLOUT.rawValue))
        case .other: break
        }
        nextSide = .other
        return nil
    }

    override func accept(_ descriptor: Int32, from peer: inout SocketAddress) -> Result<Int32, Errno> {
        guard toAccept > 0 else { return .failure(.wouldBlock) }
        toAccept -= 1
        nextSide = .client
        peer = SocketAddress(ipv4: (127, 0, 0, 1), port: 40_000)
        return .success(eventfd(0, 0))
    }

    override func connect(_ descriptor: Int32, to address: SocketAddress) -> Errno? {
        nextSide = .server
        return .inProgress
    }

    override func read(_ descriptor: Int32, into memory: UnsafeMutableRawBufferPointer) -> Transfer {
        guard peers[Int(descriptor)].hasInput else { return .wouldBlock }
        peers[Int(descriptor)].hasInput = false
        let text = peers[Int(descriptor)].side == .client ? Self.request : Self.response
        memory.copyBytes(from: text)
        return .bytes(text.count)
    }

    override func peek(_ descriptor: Int32) -> Transfer {
        peers[Int(descriptor)].hasInput ? .bytes(1) : .wouldBlock
    }

    override func write(_ descriptor: Int32, _ memory: UnsafeRawBufferPointer) -> Transfer {
        wrote(descriptor)
        return .bytes(memory.count)
    }

    override func write(
        _ descriptor: Int32, _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer
    ) -> Transfer {
        wrote(descriptor)
        return .bytes(first.count + second.count)
    }

    override func wait(
        epoll: Int32, for timeout: TimeSpan?, into events: UnsafeMutableBufferPointer<epoll_event>
    ) -> Result<Int, Errno> {
        time = time + .microseconds(10)
        let count = min(happened.count, events.count)
        for index in 0..<count {
            events[index] = clinux_epoll_event(happened[index].events, peers[Int(happened[index].descriptor)].token)
        }
        happened.removeFirst(count)
        return .success(count)
    }

    override func now() -> Moment { time }

    override func wallClock() -> UInt64 { 1_795_224_360_000_000_000 }

    /// A whole message was written, as all of them are small.
    private func wrote(_ descriptor: Int32) {
        if peers[Int(descriptor)].side == .server {
            peers[Int(descriptor)].hasInput = true
            happened.append((descriptor, EPOLLIN.rawValue))
        } else {
            answersLeft -= 1
            if answersLeft == 0 { finished() }
            ask(descriptor)
        }
    }

    private func ask(_ client: Int32) {
        guard requestsLeft > 0 else { return }
        requestsLeft -= 1
        peers[Int(client)].hasInput = true
        happened.append((client, EPOLLIN.rawValue))
    }
}
