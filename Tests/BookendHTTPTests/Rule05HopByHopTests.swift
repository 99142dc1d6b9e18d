import BookendHTTP
import Testing

/// Rule 5: what is meant for one connection goes no further.
@Suite struct Rule05HopByHopTests {
    private func kept(_ fields: String) throws -> [String] {
        let request = try ParsedRequest("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n")
        return request.head.fields.filter { !$0.isHopByHop }.map { request[$0.line] }
    }

    @Test(arguments: [
        "Connection: close", "Keep-Alive: timeout=5", "Proxy-Connection: keep-alive", "TE: gzip", "TE: trailers, gzip",
        "Upgrade: websocket", "HTTP2-Settings: AAMAAABkAAQ",
    ])
    func hopByHopFieldsAreDropped(line: String) throws {
        #expect(try kept("\(line)\r\nA: b") == ["Host: a", "A: b"])
    }

    @Test func whatConnectionNamesIsDropped() throws {
        #expect(try kept("X-Hop: 1\r\nConnection: close, x-hop ,,Other\r\nOTHER: 2\r\nA: b") == ["Host: a", "A: b"])
        #expect(try kept("Connection: X-Hop\r\nConnection: Other\r\nX-Hop: 1\r\nOther: 1") == ["Host: a"])
    }

    /// Traefik CVE-2024-45410.
    @Test(arguments: [
        "Host", "Content-Length", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Forwarded",
        "Via", "X-Request-Id",
    ])
    func connectionCannotTakeAwayWhatOthersRelyOn(name: String) throws {
        let line = name == "Host" ? "Host: a" : "\(name): 1"
        let text = "GET / HTTP/1.1\r\n\(line)\r\n\(name == "Host" ? "" : "Host: a\r\n")Connection: \(name)\r\n\r\n"
        let request = try ParsedRequest(text)
        #expect(request.head.fields.contains { !$0.isHopByHop && request[$0.line] == line })
    }

    @Test func connectionCannotTakeAwayTheFraming() throws {
        let request = try ParsedRequest(
            "POST / HTTP/1.1\r\nHost: a\r\nConnection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n\r\n")
        #expect(request.head.framing == .chunked)
        #expect(request.forwarded() == "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    }

    @Test func trailersAreStillWelcomeToTheServer() throws {
        #expect(try kept("TE: Trailers\r\nConnection: TE") == ["Host: a", "TE: Trailers"])
    }

    @Test func connectionNamesAreBounded() throws {
        let names = (0..<40).map { "x\($0)" }.joined(separator: ",")
        #expect(refusal("GET / HTTP/1.1\r\nHost: a\r\nConnection: \(names)\r\n\r\n") == .connectionTooLong)
    }

    @Test func aServersConnectionFieldsAreDroppedAlike() throws {
        let response = try ParsedResponse(
            "HTTP/1.1 200 OK\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: max=5\r\nA: b\r\n"
                + "Content-Length: 0\r\n\r\n")
        #expect(response.forwarded() == "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 0\r\n\r\n")
    }

    @Test func theCallersOwnFieldsReplaceTheClients() throws {
        let request = try ParsedRequest("GET / HTTP/1.1\r\nX-Forwarded-For: evil\r\nHost: a\r\nVia: x\r\n\r\n")
        #expect(
            request.forwarded(dropping: FieldNameSet(.xForwardedFor, .via)) == "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    }
}
