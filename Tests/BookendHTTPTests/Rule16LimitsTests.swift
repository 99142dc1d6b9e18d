import BookendHTTP
import Testing

/// Rule 16: methods are tokens, and limits are configured.
@Suite struct Rule16LimitsTests {
    private let request = "GET /abc HTTP/1.1\r\nHost: a\r\nA: b\r\n\r\n"

    @Test func anUnknownMethodPassesAsItIs() throws {
        let request = try ParsedRequest("Purge!x / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(request.head.method == .other)
        #expect(request[request.head.methodText] == "Purge!x")
        #expect(request.forwarded().hasPrefix("Purge!x / HTTP/1.1\r\n"))
    }

    @Test(arguments: [
        ("GET", BookendHTTP.Method.get), ("HEAD", .head), ("POST", .post), ("PUT", .put), ("DELETE", .delete),
        ("OPTIONS", .options), ("TRACE", .trace), ("PATCH", .patch), ("get", .other), ("Get", .other), ("GETS", .other),
        ("connect", .other),
    ])
    func aMethodIsCaseSensitive(text: String, method: BookendHTTP.Method) throws {
        #expect(try ParsedRequest("\(text) / HTTP/1.1\r\nHost: a\r\n\r\n").head.method == method)
    }

    @Test func safeMethodsAreIdempotent() {
        let all: [BookendHTTP.Method] = [.get, .head, .post, .put, .delete, .connect, .options, .trace, .patch, .other]
        #expect(all.filter(\.isSafe) == [.get, .head, .options, .trace])
        #expect(all.filter(\.isIdempotent) == [.get, .head, .put, .delete, .options, .trace])
    }

    @Test func aHeadMayBeExactlyAsLargeAsItsLimit() {
        let count = request.utf8.count
        #expect(refusal(request, limits: HeadLimits(bytes: count, fields: 9, target: 99)) == nil)
        #expect(refusal(request, limits: HeadLimits(bytes: count - 1, fields: 9, target: 99)) == .headTooLarge)
        #expect(refusal("GET /", limits: HeadLimits(bytes: 5, fields: 9, target: 99)) == .headTooLarge)
    }

    @Test func fieldsAreCounted() {
        #expect(refusal(request, limits: HeadLimits(bytes: 999, fields: 2, target: 99)) == nil)
        #expect(refusal(request, limits: HeadLimits(bytes: 999, fields: 1, target: 99)) == .tooManyFields)
    }

    @Test func aTargetTooLongIs414BeforeItEnds() {
        #expect(refusal(request, limits: HeadLimits(bytes: 999, fields: 9, target: 4)) == nil)
        #expect(refusal(request, limits: HeadLimits(bytes: 999, fields: 9, target: 3)) == .targetTooLong)
        #expect(refusal("GET /abcd", limits: HeadLimits(bytes: 999, fields: 9, target: 4)) == .targetTooLong)
        #expect(Refusal.targetTooLong.status == 414)
    }

    @Test func aMethodTooLongIs501BeforeItEnds() {
        #expect(refusal(String(repeating: "M", count: 33)) == .methodTooLong)
        #expect(refusal(String(repeating: "M", count: 32) + " ") == nil)
    }

    @Test func aServersHeadIsLimitedToo() {
        let limits = HeadLimits(bytes: 40, fields: 1, target: 1)
        #expect(refusal(ofResponse: "HTTP/1.1 200 OK\r\nA: b\r\nC: d\r\n\r\n", limits: limits)?.status == 502)
        let endless = "HTTP/1.1 200 " + String(repeating: "x", count: 40)
        #expect(refusal(ofResponse: endless, limits: limits) == .headTooLarge.asBadGateway)
    }
}
