extension FieldSection {
    /// Writes the lines that go on, as received and in their order: all but hop-by-hop ones, framing, and `dropping`
    /// (rules 5 and 14). Lines that stood together are copied together.
    func write(_ bytes: Span<UInt8>, to output: inout OutputSpan<UInt8>, dropping: FieldNameSet) {
        let dropped = dropping.union(.framing)
        // The run of lines to copy next: `start..<end`, the last without its CR LF. Empty if `start == end`.
        var start = 0
        var end = 0
        for field in fields where !field.isHopByHop && !dropped.contains(field.known) {
            let line = field.line
            if Int(line.start) != end &+ 2 || start == end {
                Self.write(bytes, start, end, to: &output)
                start = Int(line.start)
            }
            end = line.end
        }
        Self.write(bytes, start, end, to: &output)
    }

    /// `Connection: upgrade` and the `Upgrade` lines as received.
    func writeUpgrade(_ bytes: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
        output.append("Connection: upgrade\r\n")
        for field in fields where field.known == .upgrade {
            output.append(field.line, of: bytes)
            output.append("\r\n")
        }
    }

    private static func write(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, to output: inout OutputSpan<UInt8>) {
        guard start < end else { return }
        output.append(bytes, start, end)
        output.append("\r\n")
    }
}
