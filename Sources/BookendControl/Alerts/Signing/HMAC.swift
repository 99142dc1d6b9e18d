/// Message authentication by a secret that both sides have (RFC 2104).
enum HMAC {
    static func sha256(of message: [UInt8], by secret: [UInt8]) -> [UInt8] {
        var key = secret.count > SHA256.blockBytes ? SHA256.digest(of: secret) : secret
        key += [UInt8](repeating: 0, count: SHA256.blockBytes - key.count)
        let inner = SHA256.digest(of: key.map { $0 ^ 0x36 } + message)
        return SHA256.digest(of: key.map { $0 ^ 0x5C } + inner)
    }
}
