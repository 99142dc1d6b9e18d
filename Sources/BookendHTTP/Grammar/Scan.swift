/// Searches through a head, eight bytes at a time. Each returns the offset of the first byte at or after `start` that is
/// *not* of the class, or `bytes.count`.
enum Scan {
    /// The end of a token. Letters and `-` go fast: names and methods are made of them.
    @inline(__always)
    static func token(in bytes: Span<UInt8>, from start: Int) -> Int {
        var at = start
        while at &+ 8 <= bytes.count {
            let stop = ByteLanes.first(ByteLanes(bytes, at: at).notLetterOrDash)
            at &+= stop
            if stop == 8 { continue }
            guard bytes[at].isTokenByte else { return at }
            // A digit or one of the rarer token bytes: step over it, the rest is most likely letters again.
            at &+= 1
        }
        while at < bytes.count, bytes[at].isTokenByte { at &+= 1 }
        return at
    }

    /// The end of a field's value: a control byte other than tab.
    @inline(__always)
    static func value(in bytes: Span<UInt8>, from start: Int) -> Int {
        var at = start
        while at &+ 8 <= bytes.count {
            let lanes = ByteLanes(bytes, at: at)
            let stop = ByteLanes.first(lanes.below(0x20) | lanes.equal(to: .delete))
            at &+= stop
            if stop == 8 { continue }
            guard bytes[at] == .tab else { return at }
            at &+= 1
        }
        while at < bytes.count, bytes[at].isValueByte { at &+= 1 }
        return at
    }

    /// The end of a request target: a space, a control byte or `#`.
    @inline(__always)
    static func target(in bytes: Span<UInt8>, from start: Int) -> Int {
        var at = start
        while at &+ 8 <= bytes.count {
            let lanes = ByteLanes(bytes, at: at)
            let stop = ByteLanes.first(
                lanes.below(0x21) | lanes.equal(to: .delete) | lanes.equal(to: UInt8(ascii: "#")))
            at &+= stop
            if stop < 8 { return at }
        }
        while at < bytes.count, bytes[at].isTargetByte { at &+= 1 }
        return at
    }

    /// The first `byte` in `start..<end`, or `end`.
    @inline(__always)
    static func first(_ byte: UInt8, in bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
        var at = start
        while at &+ 8 <= end {
            let stop = ByteLanes.first(ByteLanes(bytes, at: at).equal(to: byte))
            at &+= stop
            if stop < 8 { return at }
        }
        while at < end, bytes[at] != byte { at &+= 1 }
        return at
    }
}
