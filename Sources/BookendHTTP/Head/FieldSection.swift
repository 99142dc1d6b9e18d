/// The fields of a head, with what they say about framing and about the connection.
struct FieldSection {
    private(set) var fields: [Field] = []
    /// Offset of the byte after the empty line, once the section is whole.
    private(set) var end = 0
    private(set) var contentLength: UInt64?
    private(set) var isChunked = false
    private(set) var options: ConnectionOptions = []
    /// The names that occur, so that looking for one that does not costs nothing.
    private(set) var present: FieldNameSet = []
    private var line = FieldLine(at: 0)

    init(capacity: Int) { fields.reserveCapacity(capacity) }

    /// Forgets the fields and keeps their memory; the section begins at `start`.
    mutating func reset(at start: Int) {
        fields.removeAll(keepingCapacity: true)
        contentLength = nil
        isChunked = false
        options = []
        present = []
        line = FieldLine(at: start)
    }

    /// True once the empty line is there. Checks each field on its own as it comes.
    mutating func read(_ bytes: Span<UInt8>, limit: Int) throws(Refusal) -> Bool {
        // A copy, which the compiler keeps in registers.
        var line = line
        while true {
            switch try line.read(bytes) {
            case .incomplete:
                self.line = line
                return false
            case .field:
                guard fields.count < limit else { throw .tooManyFields }
                try take(line, bytes)
                line = FieldLine(at: line.next)
            case .end:
                end = line.next
                return true
            }
        }
    }

    /// What can only be said when all fields are there: framing fields that contradict each other (rule 1), and which
    /// fields `Connection` names (rule 5).
    mutating func check(_ version: Version, _ bytes: Span<UInt8>) throws(Refusal) {
        if isChunked {
            guard version == .http11 else { throw .codingInOldVersion }
            guard contentLength == nil else { throw .lengthAndCoding }
        }
        if options.contains(.named) { try markNamed(bytes) }
    }

    /// Fields of that name, in lower case, go no further.
    mutating func drop(_ name: Span<UInt8>, _ bytes: Span<UInt8>) {
        for index in fields.indices where bytes.equals(fields[index].name, ignoringCase: name) {
            fields[index].isHopByHop = true
        }
    }

    func value(of name: FieldName) -> Slice? {
        guard present.contains(name) else { return nil }
        for field in fields where field.known == name { return field.value }
        return nil
    }

    private mutating func take(_ line: FieldLine, _ bytes: Span<UInt8>) throws(Refusal) {
        let name = line.name
        let known = FieldName.known(name, in: bytes)
        var isHopByHop = false
        switch known {
        case .contentLength: try takeLength(line.value, bytes)
        case .transferEncoding:
            isHopByHop = true
            guard !isChunked else { throw .codingRepeated }
            guard bytes.equals(line.value, ignoringCase: "chunked") else { throw .codingUnknown }
            isChunked = true
        case .connection:
            isHopByHop = true
            options.formUnion(ConnectionOptions(line.value, in: bytes))
        case .te:
            // A recipient that understands trailers may say so to the next one (rule 5).
            isHopByHop = !bytes.equals(line.value, ignoringCase: "trailers")
        case .keepAlive, .proxyConnection, .upgrade, .http2Settings: isHopByHop = true
        default: break
        }
        present.formUnion(FieldNameSet(known))
        fields.append(Field(name: name, value: line.value, line: line.line, known: known, isHopByHop: isHopByHop))
    }

    /// A list of the same number over and over is that number (RFC 9110, section 8.6); anything else is refused.
    private mutating func takeLength(_ value: Slice, _ bytes: Span<UInt8>) throws(Refusal) {
        var start = Int(value.start)
        repeat {
            let comma = Scan.first(UInt8(ascii: ","), in: bytes, from: start, to: value.end)
            guard let length = Number.decimal(bytes.trimmed(start, comma), in: bytes) else { throw .lengthMalformed }
            guard contentLength == nil || contentLength == length else { throw .lengthsDiffer }
            contentLength = length
            start = comma &+ 1
        } while start <= value.end
    }

    /// Marks what `Connection` names. The number of names is bounded, since each one goes through all fields.
    private mutating func markNamed(_ bytes: Span<UInt8>) throws(Refusal) {
        var names = 0
        for index in fields.indices where fields[index].known == .connection {
            var elements = ListElements(fields[index].value)
            while let element = elements.next(in: bytes) {
                names += 1
                guard names <= ConnectionOptions.maximumNames else { throw .connectionTooLong }
                mark(element, bytes)
            }
        }
    }

    private mutating func mark(_ name: Slice, _ bytes: Span<UInt8>) {
        for index in fields.indices
        where !FieldNameSet.protected.contains(fields[index].known)
            && fields[index].known != .te && bytes.equals(fields[index].name, ignoringCase: name)
        {
            fields[index].isHopByHop = true
        }
    }
}
