import BookendCore
import BookendLoop
import Glibc
import Synchronization

/// A server for tests, on one thread and a port of the system's choice. Answers by path.
final class TinyServer: Sendable {
    /// What a request's path makes it do.
    enum Deed: String, CaseIterable {
        /// 200 with a length.
        case ok
        /// 200 in chunks with a trailer, after a 103.
        case chunked
        /// 200 until close.
        case untilClose
        case error
        /// A whole answer that says `Connection: close`.
        case last
        /// 200 to the first request of a connection; to the second, the end.
        case once
        /// Half an answer, then the end.
        case half
        /// No answer, a reset.
        case reset
        /// Never an answer.
        case silent
        case malformed
        /// A whole answer and bytes that nobody asked for.
        case surplus
    }

    let port: UInt16
    private let isStopped = Atomic<Bool>(false)
    private let requestCount = Atomic<Int>(0)
    private let thread: Mutex<BookendLoop.Thread?>

    /// - Parameter stall: from so many requests on, once, the whole server sleeps for that long.
    init(stall: (after: Int, length: TimeSpan)? = nil) throws {
        let socket = try ListeningSocket.group(SocketAddress(ipv4: (127, 0, 0, 1), port: 0), count: 1)[0]
        let descriptor = FileDescriptor(owning: socket)
        port = ListeningSocket.local(descriptor).port
        let raw = descriptor.release()
        thread = Mutex(nil)
        let started = try BookendLoop.Thread.start("tiny-server") { [self] in
            try? serve(FileDescriptor(owning: raw), stall: stall)
        }
        thread.withLock { $0 = started }
    }

    var requests: Int { requestCount.load(ordering: .relaxed) }

    func stop() {
        isStopped.store(true, ordering: .relaxed)
        thread.withLock {
            $0?.join()
            $0 = nil
        }
    }

    private func serve(_ socket: consuming FileDescriptor, stall: (after: Int, length: TimeSpan)?) throws(Errno) {
        let loop = try Loop()
        let acceptor = try TinyAcceptor(socket, on: loop)
        acceptor.served = { [self] in
            let count = requestCount.add(1, ordering: .relaxed).newValue
            if let stall, count == stall.after { usleep(UInt32(stall.length.nanoseconds / 1_000)) }
        }
        while !isStopped.load(ordering: .relaxed) { try loop.turn(limit: .milliseconds(10)) }
    }
}

private final class TinyAcceptor: Acceptor {
    var served: () -> Void = {}

    override func accepted(_ descriptor: consuming FileDescriptor, from peer: SocketAddress) {
        let connection = TinyConnection(descriptor, of: self)
        try? loop.add(connection, stream: connection.raw)
    }
}

private final class TinyConnection: EventSource {
    private let acceptor: TinyAcceptor
    private let stream: ByteStream
    private let input = Buffer()
    private let output = Buffer()
    /// After the head of a request with a body, everything is read and dropped.
    private var readsBody = false
    private var isClosed = false
    private var hasAnswered = false

    init(_ descriptor: consuming FileDescriptor, of acceptor: TinyAcceptor) {
        self.acceptor = acceptor
        stream = ByteStream(descriptor)
    }

    var raw: Int32 { stream.raw }

    override func ready(_ readiness: Readiness) {
        stream.note(readiness)
        while stream.isReadable, !isClosed {
            input.reserve(4_096, from: acceptor.loop.buffers)
            switch stream.read(into: input, on: acceptor.loop.kernel) {
            case .bytes: takeRequests()
            case .wouldBlock: return
            case .end, .failed: return close()
            }
        }
    }

    private func takeRequests() {
        if readsBody { return input.release() }
        let text = input.withBytes { bytes in
            String(decoding: (0..<bytes.count).map { bytes[$0] }, as: UTF8.self)
        }
        guard let end = text.firstRange(of: "\r\n\r\n") else { return }
        input.consume(text[..<end.upperBound].utf8.count)
        readsBody = text.hasPrefix("POST")
        acceptor.served()
        let path = text.split(separator: " ")[1].dropFirst()
        answer(TinyServer.Deed(rawValue: String(path)) ?? .ok, path: String(path))
    }

    private func answer(_ deed: TinyServer.Deed, path: String) {
        switch deed {
        case .ok: send("HTTP/1.1 200 OK\r\nServer-Name: \(path)\r\nContent-Length: 5\r\n\r\nhello")
        case .chunked:
            send("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n")
            send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
            send("2;x=y\r\nde\r\n0\r\nT: 1\r\n\r\n")
        case .untilClose: send("HTTP/1.1 200 OK\r\n\r\nhello", thenClose: true)
        case .error: send("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
        case .last: send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", thenClose: true)
        case .once:
            if hasAnswered { return close() }
            send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        case .half: send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe", thenClose: true)
        case .reset:
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(raw, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
            close()
        case .silent: break
        case .malformed: send("HTTP/1.1 20 OK\r\n\r\n")
        case .surplus: send("HTTP/1.1 204 No Content\r\n\r\nsurplus")
        }
    }

    private func send(_ text: String, thenClose: Bool = false) {
        output.reserve(4_096, from: acceptor.loop.buffers)
        output.append { span in
            for byte in text.utf8 { span.append(byte) }
        }
        _ = stream.write(output, on: acceptor.loop.kernel)
        hasAnswered = true
        if thenClose { close() }
    }

    /// The descriptor closes with the last reference, which is the loop's.
    private func close() {
        isClosed = true
        acceptor.loop.remove(self)
    }
}
