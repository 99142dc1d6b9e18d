/// Bytes of a message as a test looks at them: simple and slow, and not the parser that is tested.
struct Message {
    let startLine: String
    private let fields: [(name: String, value: String)]
    /// Bytes up to and with the empty line.
    let headLength: Int

    /// Nil until the head is whole.
    init?(_ bytes: ArraySlice<UInt8>) {
        let end = Array("\r\n\r\n".utf8)
        guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else { return nil }
        headLength = start + 4 - bytes.startIndex
        let lines = String(decoding: bytes[..<start], as: UTF8.self).split(
            separator: "\r\n", omittingEmptySubsequences: false)
        startLine = String(lines[0])
        fields = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (parts[0].lowercased(), parts.count > 1 ? parts[1].trimming() : "")
        }
    }

    func value(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    /// The body after the head and the bytes that both take; nil while it is incomplete. `end`: nothing more will come.
    func body(in bytes: ArraySlice<UInt8>, hasBody: Bool, end: Bool) -> (body: [UInt8], length: Int)? {
        let rest = bytes.dropFirst(headLength)
        guard hasBody else { return ([], headLength) }
        if value("transfer-encoding") != nil { return chunks(rest) }
        if let length = value("content-length").flatMap({ Int($0) }) {
            return rest.count < length ? nil : (Array(rest.prefix(length)), headLength + length)
        }
        let isRequest = !startLine.hasPrefix("HTTP/")
        if isRequest { return ([], headLength) }
        return end ? (Array(rest), headLength + rest.count) : nil
    }

    private func chunks(_ bytes: ArraySlice<UInt8>) -> (body: [UInt8], length: Int)? {
        var body: [UInt8] = []
        var rest = bytes
        while let line = rest.firstIndex(of: 10) {
            guard let size = Int(String(decoding: rest[..<line], as: UTF8.self).trimming(), radix: 16) else {
                return nil
            }
            rest = rest[(line + 1)...]
            guard rest.count >= size + 2 else { return nil }
            body += rest.prefix(size)
            rest = rest.dropFirst(size + 2)
            if size == 0 { return (body, headLength + bytes.count - rest.count) }
        }
        return nil
    }
}

extension StringProtocol {
    func trimming() -> String {
        String(drop { $0 == " " || $0 == "\r" }.reversed().drop { $0 == " " || $0 == "\r" }.reversed())
    }
}

/// Bytes that say whose they are, so that a mix-up between two requests is seen.
func tagged(_ id: String, _ count: Int) -> [UInt8] {
    let word = Array("\(id);".utf8)
    return (0..<count).map { word[$0 % word.count] }
}

/// A body in a random framing, with the field that announces it; `untilClose` is told apart by having none.
func framed(_ body: [UInt8], chunked: Bool) -> (field: String, bytes: [UInt8]) {
    guard chunked else { return ("Content-Length: \(body.count)\r\n", body) }
    var bytes: [UInt8] = []
    var rest = body[...]
    while !rest.isEmpty {
        let piece = rest.prefix(max(1, body.count / 3))
        bytes += Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + Array("\r\n".utf8)
        rest = rest.dropFirst(piece.count)
    }
    return ("Transfer-Encoding: chunked\r\n", bytes + Array("0\r\n\r\n".utf8))
}
