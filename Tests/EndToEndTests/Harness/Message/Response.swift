/// A response as a client sees it.
struct Response {
    let head: Head
    /// Without framing.
    let body: [UInt8]
    /// The bytes after the last chunk, between `0\r\n` and the end.
    let trailers: String

    /// 0 when the status line is not one.
    var status: Int { Int(head.startLine.split(separator: " ").dropFirst().first ?? "") ?? 0 }
    var text: String { String(decoding: body, as: UTF8.self) }

    subscript(_ name: String) -> String? { head[name] }
}

extension Connection {
    func head() throws -> Head {
        Head(try bytes(through: "\r\n\r\n"))
    }

    /// The next response, interim ones included: each is one.
    func response(to method: String = "GET") throws -> Response {
        let head = try head()
        let status = Int(head.startLine.split(separator: " ").dropFirst().first ?? "") ?? 0
        if method == "HEAD" || status < 200 || status == 204 || status == 304 {
            return Response(head: head, body: [], trailers: "")
        }
        if head.isChunked {
            let (body, trailers) = try chunks()
            return Response(head: head, body: body, trailers: trailers)
        }
        if let length = head.length { return Response(head: head, body: try bytes(length), trailers: "") }
        return Response(head: head, body: try rest().bytes, trailers: "")
    }

    /// A chunked body up to its end.
    func chunks() throws -> (body: [UInt8], trailers: String) {
        var body: [UInt8] = []
        while true {
            let line = String(decoding: try bytes(through: "\r\n").dropLast(2), as: UTF8.self)
            guard let size = Int(line.split(separator: ";")[0], radix: 16) else {
                throw Failure("not a chunk's size: \(line)")
            }
            if size == 0 { break }
            body += try bytes(size)
            guard try bytes(2) == [13, 10] else { throw Failure("a chunk does not end with CR LF") }
        }
        var trailers = ""
        while true {
            let line = String(decoding: try bytes(through: "\r\n"), as: UTF8.self)
            if line == "\r\n" { return (body, trailers) }
            trailers += line
        }
    }
}
