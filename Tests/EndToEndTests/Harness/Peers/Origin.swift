import CLinux
import Foundation
import Glibc
import Synchronization

/// A server that does what a test says, byte by byte, and remembers what it was sent. Each connection has a thread.
final class Origin: Sendable {
    /// What one connection does; it closes when this returns or throws.
    typealias Talk = @Sendable (OriginConnection) throws -> Void

    let name: String
    let port: UInt16
    private let raw: Int32
    private let seen = Mutex(Seen())
    private let talk: Talk

    private struct Seen {
        var connections: [Connection] = []
        var open = 0
        var requests: [Request] = []
        var isEnded = false
    }

    struct Request {
        let head: Head
        let body: [UInt8]
        let trailers: String
        /// On which connection, from 0.
        let connection: Int
        var method: String { String(head.startLine.prefix { $0 != " " }) }
        var target: String { String(head.startLine.split(separator: " ")[1]) }
        subscript(_ name: String) -> String? { head[name] }
    }

    init(_ name: String, _ talk: @escaping Talk) throws {
        self.name = name
        self.talk = talk
        (raw, port) = try Socket.listening()
        Thread.detachNewThread { [self] in accept() }
    }

    var address: String { "127.0.0.1:\(port)" }
    /// In the order they were read to their end.
    var requests: [Request] { seen.withLock { $0.requests } }
    var connectionCount: Int { seen.withLock { $0.connections.count } }
    var openConnections: Int { seen.withLock { $0.open } }

    func note(_ request: Request) {
        seen.withLock { $0.requests.append(request) }
    }

    func end() {
        let connections = seen.withLock { seen in
            seen.isEnded = true
            return seen.connections
        }
        // Wakes the thread that accepts, which closes the socket.
        shutdown(raw, Int32(SHUT_RDWR))
        for connection in connections { connection.finish() }
    }

    private func accept() {
        while true {
            // Closed on exec from the first moment on: a program that another test starts just then would keep it open.
            let accepted = clinux_accept(raw, nil, nil)
            if accepted < 0 && errno == EINTR { continue }
            guard accepted >= 0 else { break }
            _ = fcntl(accepted, F_SETFL, 0)
            let connection = Connection(owning: accepted)
            let number = seen.withLock { seen in
                seen.connections.append(connection)
                seen.open += 1
                return seen.connections.count - 1
            }
            Thread.detachNewThread { [self] in
                try? talk(OriginConnection(connection, number, of: self))
                connection.close()
                seen.withLock { $0.open -= 1 }
            }
        }
        close(raw)
    }
}

/// A connection as an origin's script sees it.
struct OriginConnection: Sendable {
    let wire: Connection
    /// From 0.
    let number: Int
    private let origin: Origin

    init(_ wire: Connection, _ number: Int, of origin: Origin) {
        self.wire = wire
        self.number = number
        self.origin = origin
    }

    /// Reads one request, body included, and remembers it.
    @discardableResult
    func request() throws -> Origin.Request {
        let head = try wire.head()
        var body: [UInt8] = []
        var trailers = ""
        if head.isChunked {
            (body, trailers) = try wire.chunks()
        } else if let length = head.length {
            body = try wire.bytes(length)
        }
        let request = Origin.Request(head: head, body: body, trailers: trailers, connection: number)
        origin.note(request)
        return request
    }

    /// Reads a request's head only, and remembers it.
    @discardableResult
    func head() throws -> Head {
        let head = try wire.head()
        note(head)
        return head
    }

    /// Remembers a request without a body.
    func note(_ head: Head) {
        origin.note(Origin.Request(head: head, body: [], trailers: "", connection: number))
    }

    func send(_ text: String) throws { try wire.send(text) }

    /// A whole answer with a length.
    func answer(_ body: String = "ok", status: String = "200 OK", fields: String = "") throws {
        try send("HTTP/1.1 \(status)\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }
}

extension Stage {
    func origin(_ name: String = "a", _ talk: @escaping Origin.Talk) throws -> Origin {
        let origin = try Origin(name, talk)
        atEnd { origin.end() }
        return origin
    }

    /// Answers every request with its own name.
    func origin(_ name: String = "a") throws -> Origin {
        try origin(name) { connection in
            while true {
                try connection.request()
                try connection.answer(name)
            }
        }
    }

    /// Answers every request with its own name, once the gate is open.
    func origin(_ name: String = "a", behind gate: Gate) throws -> Origin {
        try origin(name) { connection in
            while true {
                try connection.request()
                gate.wait()
                try connection.answer(name)
            }
        }
    }

    /// Answers every request with those bytes.
    func origin(_ name: String = "a", answering bytes: String) throws -> Origin {
        try origin(name) { connection in
            while true {
                try connection.request()
                try connection.send(bytes)
            }
        }
    }

    /// Waits for the other side's end, so that nothing is answered.
    func silentOrigin(_ name: String = "a") throws -> Origin {
        try origin(name) { connection in
            try connection.head()
            _ = try connection.wire.rest()
        }
    }
}
