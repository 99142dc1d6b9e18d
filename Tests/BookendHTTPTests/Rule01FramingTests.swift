import BookendHTTP
import Testing

/// Rule 1: one framing, beyond doubt.
@Suite struct Rule01FramingTests {
    private func post(_ fields: String, version: String = "1.1") -> String {
        "POST / HTTP/\(version)\r\nHost: a\r\n\(fields)\r\n\r\n"
    }

    @Test func aRequestWithoutFramingFieldsHasNoBody() throws {
        #expect(try ParsedRequest("POST / HTTP/1.1\r\nHost: a\r\n\r\n").head.framing == .none)
    }

    @Test func aLengthOfZeroIsKeptApartFromNone() throws {
        #expect(try ParsedRequest(post("Content-Length: 0")).head.framing == .length(0))
    }

    /// HAProxy CVE-2023-40225 (an empty length was forwarded); signs, hexadecimal and white space inside likewise.
    @Test(arguments: ["", "+5", "-5", "0x5", "5 5", "5,", ",5", "5;", "five", "5\t5", "5.0", "٥"])
    func aMalformedLengthIsRefused(value: String) {
        #expect(refusal(post("Content-Length: \(value)")) == .lengthMalformed)
    }

    @Test(arguments: [
        "9223372036854775808", "18446744073709551615", "18446744073709551616", "99999999999999999999999999",
    ])
    func aLengthThatDoesNotFitIsRefused(value: String) {
        #expect(refusal(post("Content-Length: \(value)")) == .lengthMalformed)
    }

    @Test func theLargestLengthFits() throws {
        let framing = try ParsedRequest(post("Content-Length: 9223372036854775807")).head.framing
        #expect(framing == .length(UInt64(Int64.max)))
    }

    @Test(arguments: ["Content-Length: 5\r\nContent-Length: 6", "Content-Length: 5, 6"])
    func differingLengthsAreRefused(fields: String) {
        #expect(refusal(post(fields)) == .lengthsDiffer)
    }

    @Test(arguments: ["Content-Length: 5\r\nContent-Length: 5", "Content-Length: 5, 5", "Content-Length: 5 , 05"])
    func theSameLengthTwiceIsWrittenOnce(fields: String) throws {
        let request = try ParsedRequest(post(fields))
        #expect(request.forwarded() == "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n")
    }

    @Test(arguments: [
        "Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Content-Length: 0\r\ntransfer-encoding: CHUNKED",
    ])
    func lengthAndCodingTogetherAreRefused(fields: String) {
        #expect(refusal(post(fields)) == .lengthAndCoding)
    }

    /// Pingora CVE-2026-2835.
    @Test func aCodingInHTTP10IsRefused() {
        #expect(refusal(post("Transfer-Encoding: chunked", version: "1.0")) == .codingInOldVersion)
    }

    @Test(arguments: [
        "gzip", "identity", "chunked, gzip", "gzip, chunked", "chunked, chunked", "xchunked", "chunked;q=1", "",
        "chunked,", ", chunked", "\"chunked\"", "\u{0B}chunked",
    ])
    func anyCodingButChunkedIsRefused(value: String) {
        let refused = refusal(post("Transfer-Encoding: \(value)"))
        #expect(refused == .codingUnknown || refused == .valueInvalid)
    }

    @Test func aSecondCodingFieldIsRefused() {
        #expect(refusal(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked")) == .codingRepeated)
        #expect(refusal(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity")) == .codingRepeated)
    }

    @Test func whiteSpaceAroundChunkedAndItsCaseDoNotMatter() throws {
        #expect(try ParsedRequest(post("Transfer-Encoding: \t Chunked \t")).head.framing == .chunked)
    }

    /// HAProxy CVE-2021-40346: a name whose length overflowed became `Content-Length`.
    @Test func aNameThatOnlyBeginsLikeALengthIsNotOne() throws {
        let name = "Content-Length" + String(repeating: "a", count: 256)
        let request = try ParsedRequest(post("\(name): 5"))
        #expect(request.head.framing == .none)
        #expect(request.head.fields.last?.known == .other)
    }

    @Test func theServersFramingIsCheckedAlike() {
        let head = "HTTP/1.1 200 OK\r\n"
        #expect(refusal(ofResponse: head + "Content-Length: x\r\n\r\n") == .lengthMalformed.asBadGateway)
        #expect(
            refusal(ofResponse: head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n")
                == .lengthAndCoding.asBadGateway)
        #expect(refusal(ofResponse: head + "Transfer-Encoding: gzip\r\n\r\n") == .codingUnknown.asBadGateway)
        #expect(
            refusal(ofResponse: "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                == .codingInOldVersion.asBadGateway)
    }

    @Test func theClientsFramingFieldsAreNeverForwarded() throws {
        #expect(
            try ParsedRequest(post("Transfer-Encoding:chunked\r\nA: b")).forwarded()
                == "POST / HTTP/1.1\r\nHost: a\r\nA: b\r\nTransfer-Encoding: chunked\r\n\r\n")
    }
}
