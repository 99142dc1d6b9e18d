import BookendCore

/// The end of what a program wrote: its last words say what went wrong.
package struct HookOutput {
    private var bytes: [UInt8] = []
    private var dropped = 0

    mutating func append(_ new: some Collection<UInt8>) {
        bytes += new
        // Moved when it has doubled, not with each piece.
        if bytes.count > 2 * RecycleLimits.output { cut() }
    }

    private mutating func cut() {
        let surplus = max(0, bytes.count - RecycleLimits.output)
        dropped += surplus
        bytes.removeFirst(surplus)
    }

    /// At most `RecycleLimits.output` bytes, and a word about what is missing.
    var text: String {
        var tail = self
        tail.cut()
        let text = Self.printable(String(decoding: tail.bytes, as: UTF8.self), longest: RecycleLimits.output)
        return tail.dropped == 0 ? text : "(\(tail.dropped) bytes before this are left out)\n" + text
    }

    /// The end of a text in so many bytes, without what would move a terminal's cursor.
    package static func printable(_ text: String, longest: Int) -> String {
        var size = 0
        var kept: [Unicode.Scalar] = []
        for scalar in text.unicodeScalars.reversed() {
            guard scalar == "\n" || scalar == "\t" || scalar.properties.generalCategory != .control else { continue }
            size += UTF8.width(scalar)
            guard size <= longest else { break }
            kept.append(scalar)
        }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: kept.reversed())
        return String(result)
    }
}
