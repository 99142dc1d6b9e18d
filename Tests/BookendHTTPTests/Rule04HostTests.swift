import BookendHTTP
import Testing

/// Rule 4: exactly one valid host, and a target in a form that is allowed.
@Suite struct Rule04HostTests {
    private func get(host: String) -> String { "GET / HTTP/1.1\r\nHost:\(host)\r\n\r\n" }

    @Test func hostIsRequiredInHTTP11Only() throws {
        #expect(refusal("GET / HTTP/1.1\r\n\r\n") == .hostMissing)
        #expect(refusal("GET http://a/ HTTP/1.1\r\n\r\n") == .hostMissing)
        #expect(try ParsedRequest("GET / HTTP/1.0\r\n\r\n").head.host.isEmpty)
    }

    @Test(arguments: ["1.0", "1.1"])
    func aSecondHostIsRefused(version: String) {
        #expect(refusal("GET / HTTP/\(version)\r\nHost: a\r\nHost: a\r\n\r\n") == .hostRepeated)
    }

    @Test(arguments: [
        ("a", "a"), ("Example.COM:80", "Example.COM"), ("a:", "a"), ("a:65535", "a"), ("127.0.0.1:1", "127.0.0.1"),
        ("[::1]", "[::1]"), ("[2001:db8::1]:80", "[2001:db8::1]"), ("a_b-c.d~e", "a_b-c.d~e"),
        ("a%2Db", "a%2Db"),
    ])
    func aValidHostIsANameAndMaybeAPort(host: String, name: String) throws {
        let request = try ParsedRequest(get(host: " " + host + "\t"))
        #expect(request[request.head.host] == host)
        #expect(request[request.head.hostName] == name)
    }

    @Test(arguments: [
        "", " ", "user@a", "a,b", "a b", "a/b", "a?b", "a#b", "http://a", "a:b", "a:65536", "a:-1", "a:123456", ":80",
        "[::1", "[]", "[g::]", "[::1]x", "[::1]:x", "a%", "a%2", "a%zz", "a\\b", "a\"b", "é", "a:80:80", "[:]",
        "[::1%eth0]:80",
    ])
    func anInvalidHostIsRefused(host: String) {
        #expect(refusal(get(host: host)) == .hostInvalid)
    }

    @Test(arguments: [
        ("http://b:8080/x?y", "b:8080", "b", "/x?y", "/x"), ("HTTP://b", "b", "b", "/", ""),
        ("https://b?y", "b", "b", "/?y", ""), ("http://b/", "b", "b", "/", "/"),
    ])
    func anAbsoluteTargetWinsOverHost(
        target: String, host: String, name: String, written: String, path: String
    ) throws {
        let request = try ParsedRequest("GET \(target) HTTP/1.1\r\nA: 1\r\nHost: a\r\nB: 2\r\n\r\n")
        #expect(request[request.head.host] == host)
        #expect(request[request.head.hostName] == name)
        #expect(request[request.head.path] == path)
        #expect(request.forwarded() == "GET \(written) HTTP/1.1\r\nHost: \(host)\r\nA: 1\r\nB: 2\r\n\r\n")
    }

    @Test(arguments: ["http://", "http:///x", "http://u@b/", "http://b,c/", "http://b:x/", "http://:80/"])
    func anAbsoluteTargetNamesAValidHost(target: String) {
        #expect(refusal("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n") == .targetAuthorityInvalid)
    }

    @Test(arguments: ["a", "a:80", "ftp://a/", "http:/a", "?x", "x/y", "file:///etc"])
    func otherFormsOfTargetAreRefused(target: String) {
        #expect(refusal(get(target)) == .targetFormInvalid)
    }

    private func get(_ target: String) -> String { "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n" }

    @Test func twoSlashesAreAPathLikeAnyOther() throws {
        let request = try ParsedRequest(get("//b/x"))
        #expect(request[request.head.path] == "//b/x")
        #expect(request[request.head.host] == "a")
    }

    @Test func anAsteriskIsForOptionsOnly() throws {
        let request = try ParsedRequest("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(request[request.head.target] == "*")
        #expect(refusal(get("*")) == .asteriskNotOptions)
        #expect(refusal("OPTIONS *x HTTP/1.1\r\nHost: a\r\n\r\n") == .asteriskNotOptions)
    }

    /// RFC 9112, section 3.2.4.
    @Test func optionsForAWholeServerBecomesAnAsterisk() throws {
        let request = try ParsedRequest("OPTIONS http://b HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(request.forwarded() == "OPTIONS * HTTP/1.1\r\nHost: b\r\n\r\n")
    }

    @Test func connectIsRefusedBeforeItsTargetIsRead() {
        #expect(refusal("CONNECT ") == .connectRefused)
        #expect(refusal("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n")?.status == 405)
    }
}
