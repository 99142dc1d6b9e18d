import BookendConfig

/// A target with what has to be read for it, which a loop must not wait for.
struct PreparedTarget: Sendable {
    let target: AlertTarget
    /// What a webhook is signed with; nil when it is not. A secret that cannot be used is told at every try: nothing goes out
    /// unsigned.
    let secret: Result<[UInt8], TokenFile.Unusable>?

    /// Blocks to read the secret.
    init(reading target: AlertTarget) {
        self.target = target
        secret = target.way.secretFile.map { file in
            Result { () throws(TokenFile.Unusable) in Array(try TokenFile(path: file.path, of: .secret).token.utf8) }
        }
    }

    /// A courier of the one brings what the other one is told.
    func hasSameCourier(as other: PreparedTarget) -> Bool {
        (target.way, target.format, target.timeout) == (other.target.way, other.target.format, other.target.timeout)
            && !hasOtherSecret(than: other)
    }

    /// The file may be the same.
    func hasOtherSecret(than other: PreparedTarget) -> Bool {
        switch (secret, other.secret) {
        case (nil, nil): false
        case (let one?, let two?): one != two
        default: true
        }
    }
}
