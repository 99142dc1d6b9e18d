import BookendCore

/// A server that answers in random pieces and framings, and now and then breaks.
final class ScheduledServer {
    /// How an answer ends.
    private enum Ending { case keep, close, reset }

    private final class Connection {
        let wire: Wire
        var toSend: [UInt8] = []
        var ending = Ending.keep
        /// Leaves in one piece: bytes that come after the next request was sent cannot be told from its answer.
        var isOnePiece = false

        init(_ wire: Wire) { self.wire = wire }
    }

    private let door: Door
    private var connections: [Connection] = []
    /// Requests whose heads came, in order.
    private(set) var seen: [(method: String, id: String)] = []
    private(set) var problem: String?

    init(_ door: Door) { self.door = door }

    func act(using random: inout SeededRandom) {
        if let wire = door.accept() { connections.append(Connection(wire)) }
        guard let connection = connections.randomElement(using: &random) else { return }
        connection.wire.receive(limit: [10, 1_000, 100_000].randomElement(using: &random)!)
        if connection.toSend.isEmpty, connection.ending == .keep { take(on: connection, using: &random) }
        send(Int.random(in: 1...30_000, using: &random), on: connection)
    }

    /// Takes in and sends what is left; true when something moved.
    func catchUp(using random: inout SeededRandom) -> Bool {
        var moved = false
        while let wire = door.accept() {
            connections.append(Connection(wire))
            moved = true
        }
        for connection in connections where !connection.wire.isClosed {
            if connection.wire.receive() > 0 { moved = true }
            if connection.toSend.isEmpty, connection.ending == .keep { take(on: connection, using: &random) }
            let before = connection.toSend.count
            send(.max, on: connection)
            if connection.toSend.count < before || connection.wire.isClosed { moved = true }
        }
        return moved
    }

    func closeAll() {
        for connection in connections { connection.wire.close() }
    }

    private func send(_ limit: Int, on connection: Connection) {
        let piece = connection.isOnePiece ? connection.toSend.count : limit
        connection.toSend.removeFirst(connection.wire.send(connection.toSend.prefix(piece)))
        guard connection.toSend.isEmpty else { return }
        switch connection.ending {
        case .keep: break
        case .close: connection.wire.close()
        case .reset: connection.wire.reset()
        }
    }

    /// Answers the next request, if it came whole; sometimes before that.
    private func take(on connection: Connection, using random: inout SeededRandom) {
        let bytes = connection.wire.received[...]
        guard let head = Message(bytes) else { return }
        let words = head.startLine.split(separator: " ")
        let id = String(words[1].dropFirst())
        let whole = head.body(in: bytes, hasBody: true, end: false)
        let isEarly = whole == nil && Int.random(in: 0..<30, using: &random) == 0
        guard whole != nil || isEarly else { return }
        seen.append((String(words[0]), id))
        if let (body, length) = whole {
            if body != tagged(id, body.count) { problem = "the server got a body of \(id) that is not its own" }
            connection.wire.received.removeFirst(length)
        }
        answer(id, isHead: words[0] == "HEAD", isEarly, on: connection, using: &random)
    }

    private func answer(
        _ id: String, isHead: Bool, _ isEarly: Bool, on connection: Connection, using random: inout SeededRandom
    ) {
        let body = tagged(id, [0, 5, 2_000, 40_000, 200_000].randomElement(using: &random)!)
        var framed = framed(body, chunked: Bool.random(using: &random))
        connection.ending = isEarly ? .close : .keep
        if Int.random(in: 0..<8, using: &random) == 0 {
            framed = ("", body)
            connection.ending = .close
        }
        let status = isEarly ? "413 Too Much" : "200 OK"
        var text = "HTTP/1.1 \(status)\r\nX-Tag: \(id)\r\n\(framed.field)\r\n"
        if Int.random(in: 0..<10, using: &random) == 0 { text = "HTTP/1.1 103 Early Hints\r\n\r\n\(text)" }
        connection.toSend = Array(text.utf8) + (isHead ? [] : framed.bytes)
        connection.isOnePiece = false
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<5:
            connection.toSend = []
            connection.ending = .close
        case 5..<8:
            connection.toSend = []
            connection.ending = .reset
        case 8..<13 where !framed.field.isEmpty && !isHead:
            // Cut off in the middle; a body that ends with the connection cannot show that.
            connection.toSend.removeLast(connection.toSend.count / 2)
            connection.ending = .close
        case 13..<16:
            connection.toSend = Array("HTTP/9.9 what\r\n\r\n".utf8)
            connection.ending = .close
        case 16..<22 where connection.ending == .keep && body.count <= 2_000:
            // An answer that nobody asked for, right behind the one that was (rule 9).
            connection.toSend += Array("HTTP/1.1 200 OK\r\nX-Tag: nobody\r\nContent-Length: 0\r\n\r\n".utf8)
            connection.isOnePiece = true
        default: break
        }
    }
}
