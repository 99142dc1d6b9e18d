extension OutputSpan<UInt8> {
    /// The field that announces `framing`; nothing for `none` and `untilClose`. At most `Framing.fieldBound` bytes.
    public mutating func appendField(for framing: Framing) {
        switch framing {
        case .none, .untilClose: break
        case .chunked: append("Transfer-Encoding: chunked\r\n")
        case .length(let length):
            append("Content-Length: ")
            appendDecimal(length)
            append("\r\n")
        }
    }

    /// The empty line.
    public mutating func appendEndOfHead() { append("\r\n") }
}

extension Framing {
    /// Bytes that announcing a framing takes at most.
    public static let fieldBound = 40
}
