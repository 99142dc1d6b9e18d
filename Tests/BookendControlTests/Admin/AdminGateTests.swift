import BookendCore
import BookendHTTP
import Foundation
import Testing

@testable import BookendControl

@Suite("Who may ask the admin API")
struct AdminGateTests {
    private static let token = "0123456789abcdef-secret"

    private func gate(isLoopback: Bool = true, hasToken: Bool = true) throws -> AdminGate {
        guard hasToken else { return .network(isLoopback: isLoopback, token: nil) }
        let path = NSTemporaryDirectory() + "bookend-token-\(UUID().uuidString)"
        try Data("\(Self.token)\n".utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return .network(isLoopback: isLoopback, token: AdminToken(path: path) { _ in })
    }

    private func request(_ line: String, _ fields: String = "", host: String = "127.0.0.1:9900") throws -> AdminRequest
    {
        let bytes = Array("\(line) HTTP/1.1\r\nHost: \(host)\r\n\(fields)\r\n".utf8)
        var head = RequestHead(limits: HeadLimits(bytes: 16_384, fields: 64, target: 4_096))
        #expect(try head.parse(bytes.span))
        return AdminRequest(head, bytes.span, at: .origin)
    }

    private let right = "Authorization: Bearer \(token)\r\n"

    @Test("The socket asks for nothing")
    func socket() throws {
        #expect(AdminGate.socket.refusal(of: try request("POST /v1/servers/a/report", host: "evil.example")) == nil)
    }

    @Test("A change needs the token, on any address", arguments: ["POST", "PUT", "PATCH", "DELETE", "MOVE"])
    func changes(_ method: String) throws {
        for isLoopback in [true, false] {
            let gate = try gate(isLoopback: isLoopback)
            let refused = gate.refusal(of: try request("\(method) /v1/x"))
            #expect(refused?.status == 401)
            #expect(refused?.fields == ["WWW-Authenticate: Bearer realm=\"bookend\""])
            #expect(gate.refusal(of: try request("\(method) /v1/x", right)) == nil)
        }
        #expect(try self.gate(hasToken: false).refusal(of: request("\(method) /v1/x"))?.status == 403)
    }

    @Test("Reading needs it where other machines can ask")
    func reading() throws {
        #expect(try gate(isLoopback: false).refusal(of: request("GET /v1/status"))?.status == 401)
        #expect(try gate(isLoopback: false).refusal(of: request("GET /v1/status", right)) == nil)
        #expect(try gate(isLoopback: true).refusal(of: request("GET /v1/status")) == nil)
        #expect(try gate(hasToken: false).refusal(of: request("HEAD /v1/status")) == nil)
    }

    @Test(
        "Another token is refused, whatever it shares with the right one",
        arguments: [
            "", "0", token + "x", String(token.dropLast()), "1123456789abcdef-secret", "0123456789abcdef-secreT",
            String(repeating: "x", count: 5_000),
        ])
    func wrong(_ given: String) throws {
        #expect(try gate().refusal(of: request("GET /", "Authorization: Bearer \(given)\r\n"))?.status == 401)
        #expect(try gate().refusal(of: request("POST /", "Authorization: Bearer \(given)\r\n"))?.status == 401)
    }

    @Test("The scheme is Bearer, in any case, and no other")
    func scheme() throws {
        #expect(try gate().refusal(of: request("POST /", "authorization: bearer  \(Self.token)\r\n")) == nil)
        #expect(try gate().refusal(of: request("POST /", "Authorization: \(Self.token)\r\n"))?.status == 401)
        #expect(try gate().refusal(of: request("POST /", "Authorization: Basic \(Self.token)\r\n"))?.status == 401)
    }

    @Test(
        "Without a token a page of another site cannot read through a name that leads here",
        arguments: [
            ("127.0.0.1:9900", true), ("localhost", true), ("LOCALHOST:9900", true), ("[::1]:9900", true),
            ("evil.example:9900", false), ("127.0.0.1.evil.example", false), ("localhost.evil.example", false),
        ])
    func rebinding(_ host: String, _ isOwn: Bool) throws {
        #expect(try gate().refusal(of: request("GET /v1/status", host: host))?.status == (isOwn ? nil : 421))
        #expect(try gate().refusal(of: request("GET /v1/status", right, host: host)) == nil)
    }

    @Test("Tokens are compared byte for byte")
    func comparison() {
        let token = Array("abcdefghijklmnop".utf8)
        #expect(AdminToken.isSame(token, token))
        for index in token.indices {
            var other = token
            other[index] ^= 1
            #expect(!AdminToken.isSame(other, token))
        }
        // Lengths that agree in their last eight bits.
        #expect(!AdminToken.isSame(Array(repeating: token, count: 17).flatMap { $0 }, token))
        #expect(!AdminToken.isSame([], token) && !AdminToken.isSame(token, []) && !AdminToken.isSame([], []))
    }
}

@Suite("A token file")
struct TokenFileTests {
    @Test("One line of visible characters is a token, with whatever is around it")
    func good() {
        for text in ["0123456789abcdef", " 0123456789abcdef\r\n", "\n\n0123456789abcdef\n\n"] {
            #expect(TokenFile.token(Array(text.utf8)) == "0123456789abcdef")
        }
    }

    @Test(
        "What is short, long, of several words or binary is none",
        arguments: [
            "", "\n", "short", "0123456789abcde", "two words of a token", "0123456789abcdef\nsecond line",
            String(repeating: "x", count: 513), "0123456789abcdé", "0123456789abcdef\u{7}",
        ])
    func bad(_ text: String) {
        #expect(TokenFile.token(Array(text.utf8)) == nil)
    }

    @Test("A new token replaces the one before; a broken file does not")
    func replaced() throws {
        let path = NSTemporaryDirectory() + "bookend-token-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let said = Said()
        try Data("the-first-token-of-all".utf8).write(to: URL(filePath: path))
        let token = AdminToken(path: path) { said.add($0) }
        #expect(token.opens(Array("the-first-token-of-all".utf8)))
        try Data("another-token-than-before".utf8).write(to: URL(filePath: path))
        token.readAgain()
        #expect(
            token.opens(Array("another-token-than-before".utf8)) && !token.opens(Array("the-first-token-of-all".utf8)))
        try Data("short".utf8).write(to: URL(filePath: path))
        token.readAgain()
        token.readAgain()
        #expect(token.opens(Array("another-token-than-before".utf8)))
        #expect(said.lines.count == 1 && said.lines[0].contains("the one before stays in force"), "said once")
        try FileManager.default.removeItem(atPath: path)
        token.readAgain()
        #expect(said.lines.count == 2 && said.lines[1].contains("No such file"))
    }

    @Test("Without a readable file nobody is let in")
    func missing() {
        let said = Said()
        let token = AdminToken(path: "/nonexistent/token") { said.add($0) }
        #expect(!token.opens([]) && !token.opens(Array("anything".utf8)))
        #expect(said.lines.count == 1 && said.lines[0].contains("nobody is let in"))
    }
}
