/// Classes of bytes as the grammar names them (RFC 9110, section 5.6; RFC 5234).
extension UInt8 {
    static var tab: UInt8 { 0x09 }
    static var lineFeed: UInt8 { 0x0A }
    static var carriageReturn: UInt8 { 0x0D }
    static var space: UInt8 { 0x20 }
    static var delete: UInt8 { 0x7F }

    @inline(__always)
    init(ascii character: Unicode.Scalar) { self = UInt8(truncatingIfNeeded: character.value) }

    /// `tchar`: what names and methods are made of. One bit for each of the 128 ASCII bytes.
    @inline(__always)
    var isTokenByte: Bool {
        let low: UInt64 = 0x03FF_6CFA_0000_0000  // ! # $ % & ' * + - . 0-9
        let high: UInt64 = 0x57FF_FFFF_C7FF_FFFE  // A-Z ^ _ ` a-z | ~
        let bits = self < 64 ? low : self < 128 ? high : 0
        return (bits &>> UInt64(self & 63)) & 1 == 1
    }

    /// `field-vchar`, space and tab: what a field's value is made of. Bytes from 0x80 on are `obs-text`, passed through.
    @inline(__always)
    var isValueByte: Bool { (self >= .space && self != .delete) || self == .tab }

    /// What a request target may hold here: no space, control byte or fragment (rule 17).
    @inline(__always)
    var isTargetByte: Bool { self > .space && self != .delete && self != UInt8(ascii: "#") }

    @inline(__always)
    var isWhitespace: Bool { self == .space || self == .tab }

    @inline(__always)
    var isDigit: Bool { self &- 0x30 < 10 }

    @inline(__always)
    var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }

    /// The value of a hexadecimal digit, or nil.
    @inline(__always)
    var hexDigit: UInt8? {
        if isDigit { return self &- 0x30 }
        let letter = (self | 0x20) &- 0x61
        return letter < 6 ? letter &+ 10 : nil
    }
}
