/// Reads a chunk's size line, byte by byte (RFC 9112, section 7.1). Extensions are bounded and dropped (rule 3).
///
/// The grammar is kept to the letter: a bare LF, or white space after the size, is how one side sees a chunk where the
/// other sees none.
struct ChunkSize {
    private(set) var value: UInt64 = 0
    private var digits: UInt8 = 0
    private var stage = Stage.digits

    private enum Stage: UInt8 { case digits, extensions, lineFeed }

    /// Takes the next byte of the line.
    ///
    /// - Parameter budget: bytes of extensions that the message may still have.
    /// - Returns: true once the line is whole.
    mutating func take(_ byte: UInt8, budget: inout Int) throws(Refusal) -> Bool {
        switch stage {
        case .digits: try takeSize(byte)
        case .extensions: try takeExtension(byte, &budget)
        case .lineFeed:
            guard byte == .lineFeed else { throw .bareCarriageReturn }
            return true
        }
        return false
    }

    private mutating func takeSize(_ byte: UInt8) throws(Refusal) {
        if let digit = byte.hexDigit {
            // Sixteen digits are all that a 64-bit number can have, so leading zeros cannot go on forever either.
            guard digits < 16, value >> 59 == 0 else { throw .chunkSizeTooLarge }
            value = value &<< 4 | UInt64(digit)
            digits &+= 1
            return
        }
        guard digits > 0 else { throw .chunkSizeMalformed }
        switch byte {
        case .carriageReturn: stage = .lineFeed
        case .lineFeed: throw .bareLineFeed
        case UInt8(ascii: ";"): stage = .extensions
        default: throw .chunkSizeMalformed
        }
    }

    private mutating func takeExtension(_ byte: UInt8, _ budget: inout Int) throws(Refusal) {
        switch byte {
        case .carriageReturn: stage = .lineFeed
        case .lineFeed: throw .bareLineFeed
        default:
            guard byte.isValueByte else { throw .chunkExtensionInvalid }
            guard budget > 0 else { throw .chunkExtensionsTooLong }
            budget &-= 1
        }
    }
}
