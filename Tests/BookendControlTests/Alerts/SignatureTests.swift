import Testing

@testable import BookendControl

@Suite("Signatures of webhooks")
struct SignatureTests {
    private func text(_ bytes: [UInt8]) -> String {
        bytes.map { String(Int($0) + 256, radix: 16).dropFirst() }.joined()
    }

    @Test(
        "HMAC-SHA256 gives what RFC 4231 says it gives",
        arguments: [
            (
                [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
            ),
            (
                Array(1...25), [UInt8](repeating: 0xCD, count: 50),
                "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
            ),
            (
                [UInt8](repeating: 0xAA, count: 131),
                Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
        ])
    func vectors(_ secret: [UInt8], _ message: [UInt8], _ expected: String) {
        #expect(text(HMAC.sha256(of: message, by: secret)) == expected)
    }

    @Test("SHA-256 gives what FIPS 180-4 says, for every length around a block's end, and for many blocks")
    func digests() {
        #expect(
            text(SHA256.digest(of: Array("abc".utf8)))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            text(SHA256.digest(of: [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)))
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
        // Of the digests of 300 messages, each one byte longer; computed by Python's hashlib.
        let all = (0..<300).flatMap { length in
            SHA256.digest(of: (0..<length).map { UInt8(truncatingIfNeeded: $0 * 7 + length) })
        }
        #expect(text(SHA256.digest(of: all)) == "d5238871a46ac4a1a75ac3fb19d645b0b3b9e5f35f5f720e2b240d605c6b694e")
    }

    @Test("A signature is over the time and the body")
    func signature() {
        let signature = AlertSignature(
            of: Array(#"{"text":"x"}"#.utf8), by: Array("sixteen characters".utf8), at: 1_795_224_360)
        #expect(
            "\(signature)" == "t=1795224360,v1=e2ffe4432edefbea80b458551df31c1b09e68ee1fba43c5da2984e93757bf9c7")
    }
}
