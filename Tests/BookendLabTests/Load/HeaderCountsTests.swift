import BookendHTTP
import Testing

@testable import BookendLab

@Suite("Counts of a header's values")
struct HeaderCountsTests {
    private func count(_ counts: inout HeaderCounts, _ field: String) throws {
        let bytes = Array("HTTP/1.1 200 OK\r\n\(field)\r\n\r\n".utf8)
        var head = ResponseHead(limits: LoadLimits.responseHead)
        #expect(try head.parse(bytes.span, to: .get))
        counts.count(head, in: bytes.span)
    }

    @Test("are exact for few values, bounded for many, and miss nothing")
    func bounded() throws {
        var counts = HeaderCounts(name: "Server-Name")
        for value in 0..<100 {
            for _ in 0...value % 2 { try count(&counts, "SERVER-NAME: web-\(value)") }
        }
        try count(&counts, "Server-Names: x")
        try count(&counts, "Server-Name: " + String(repeating: "x", count: LoadLimits.headerValue + 1))
        #expect(counts.values.count == LoadLimits.headerValues)
        #expect(counts.values.map(\.count) == (0..<64).map { $0 % 2 == 0 ? 1 : 2 })
        #expect(counts.missing == 1 && counts.others == 36 / 2 * 3 + 1)
        var sum = HeaderCounts(name: "Server-Name")
        sum.add(counts)
        sum.add(counts)
        #expect(sum.values[1].text == "web-1" && sum.values[1].count == 4 && sum.missing == 2)
    }
}
