/// Reads the trailer lines of a chunked body: bounded, of the same grammar as fields, and without the fields that have no
/// business there (rule 3).
struct Trailers {
    /// The line being read. Its offsets count from the line's first byte, because the caller may move its bytes.
    private var line = FieldLine(at: 0)
    private var bytesLeft: Int
    private var fieldsLeft: Int

    init(_ limits: BodyLimits) {
        bytesLeft = limits.trailers
        fieldsLeft = limits.trailerFields
    }

    /// A `trailer` that may be passed on, `end`, or `needsMore`, which leaves `position` at the beginning of a line.
    mutating func next(in bytes: Span<UInt8>, from position: inout Int) throws(Refusal) -> BodyDecoder.Event {
        while position < bytes.count {
            let rest = bytes.extracting(position..<bytes.count)
            switch try line.read(rest.extracting(first: min(rest.count, bytesLeft &+ 2))) {
            case .incomplete:
                guard rest.count < bytesLeft &+ 2 else { throw .trailersTooLarge }
                return .needsMore
            case .end:
                position &+= line.next
                return .end
            case .field:
                let start = position
                position = start &+ line.next
                let field = line
                guard field.next <= bytesLeft, fieldsLeft > 0 else { throw .trailersTooLarge }
                bytesLeft &-= field.next
                fieldsLeft &-= 1
                line = FieldLine(at: 0)
                let known = FieldName.known(field.name, in: rest)
                if FieldNameSet.forbiddenInTrailers.contains(known) { continue }
                return .trailer(Slice(start, start &+ field.line.end))
            }
        }
        return .needsMore
    }
}
