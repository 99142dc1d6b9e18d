/// Shows a receiver that a webhook came from whoever has the secret, and when: `t=UNIX_SECONDS,v1=HEXADECIMAL`, as
/// Stripe signs. `v1` is HMAC-SHA256 (RFC 2104) over the time, a full stop and the body. With the time in it, a request that
/// somebody has recorded is of no use later.
struct AlertSignature: CustomStringConvertible {
    let description: String

    init(of body: [UInt8], by secret: [UInt8], at unixSeconds: UInt64) {
        let signed = Array("\(unixSeconds).".utf8) + body
        description = "t=\(unixSeconds),v1=\(HMAC.sha256(of: signed, by: secret).hexadecimal)"
    }
}

extension [UInt8] {
    fileprivate var hexadecimal: String {
        map { String($0 >> 4, radix: 16) + String($0 & 0xF, radix: 16) }.joined()
    }
}
