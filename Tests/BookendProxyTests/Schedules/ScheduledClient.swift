import BookendCore

/// A client that sends some requests, whole or in pieces, patiently or not, and knows which answers are right.
final class ScheduledClient {
    private struct Request {
        let id: String
        let isHead: Bool
    }

    /// Statuses of answers that Bookend gives itself.
    private static let ownStatuses: Set<String> = ["400", "408", "502", "503", "504"]

    let wire: Wire
    private var requests: [Request] = []
    private var toSend: [UInt8] = []
    /// It went away on its own: whatever it did not read is no fault.
    private var hasLeft = false

    init(_ number: Int, on wire: Wire, using random: inout SeededRandom) {
        self.wire = wire
        for index in 0..<Int.random(in: 1...4, using: &random) {
            let id = "c\(number)r\(index)"
            let method = ["GET", "GET", "GET", "HEAD", "POST", "PUT"].randomElement(using: &random)!
            requests.append(Request(id: id, isHead: method == "HEAD"))
            let isOld = Int.random(in: 0..<12, using: &random) == 0
            let isWrong = Int.random(in: 0..<25, using: &random) == 0
            var head = "\(method) /\(id) HTTP/1.\(isOld ? 0 : 1)\r\nHost: a\r\n"
            if isWrong { head += "no colon\r\n" }
            var body: [UInt8] = []
            if method == "POST" || method == "PUT" {
                let size = [0, 5, 3_000, 70_000].randomElement(using: &random)!
                let framed = framed(tagged(id, size), chunked: !isOld && Bool.random(using: &random))
                head += framed.field
                body = framed.bytes
            }
            toSend += Array("\(head)\r\n".utf8) + body
        }
    }

    func act(using random: inout SeededRandom) {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<45:
            toSend.removeFirst(wire.send(toSend.prefix(Int.random(in: 1...20_000, using: &random))))
        case 45..<98:
            wire.receive(limit: [1, 100, 100_000].randomElement(using: &random)!)
        case 98:
            hasLeft = true
            wire.reset()
        default:
            hasLeft = true
            wire.finish()
        }
    }

    /// Sends and takes in what is left; true when something moved.
    func catchUp() -> Bool {
        let sent = hasLeft ? 0 : wire.send(toSend)
        toSend.removeFirst(sent)
        return wire.receive() + sent > 0
    }

    /// What is wrong with what came; nil when every byte is right.
    var problem: String? {
        var rest = wire.received[...]
        for request in requests {
            while let interim = Message(rest), interim.startLine.hasPrefix("HTTP/1.1 1") {
                rest = rest.dropFirst(interim.headLength)
            }
            guard let head = Message(rest),
                let (body, length) = head.body(in: rest, hasBody: !request.isHead, end: wire.isOver)
            else { return hasLeft || wire.isOver ? nil : "\(request.id) has no whole answer: \(wire.text.suffix(80))" }
            rest = rest.dropFirst(length)
            let status = head.startLine.split(separator: " ")[1]
            if let tag = head.value("x-tag") {
                guard tag == request.id else { return "\(request.id) got the answer to \(tag)" }
                guard body == tagged(tag, body.count) else { return "\(request.id) got a body that is not its own" }
            } else if !Self.ownStatuses.contains(String(status)) {
                return "\(request.id) got \(head.startLine) from nobody"
            }
            if head.value("connection") == "close" { break }
        }
        return rest.isEmpty ? nil : "bytes after the last answer: \(String(decoding: rest.prefix(80), as: UTF8.self))"
    }
}
