/// What a request is for: the parts of its target, whatever form that has (RFC 9112, section 3.2).
struct Target {
    /// What is sent on: the path and query, `*`, or nothing if an absolute-form target has neither.
    private(set) var sent: Slice = .empty
    private(set) var path: Slice = .empty
    /// The authority of an absolute-form target, and its name without the port.
    private(set) var authority: Slice?
    private(set) var name: Slice = .empty

    init() {}

    init(_ line: RequestLine, in bytes: Span<UInt8>) throws(Refusal) {
        let target = line.target
        switch bytes[Int(target.start)] {
        case UInt8(ascii: "/"): split(Int(target.start), target.end, bytes)
        case UInt8(ascii: "*"):
            guard target.count == 1, line.method == .options else { throw .asteriskNotOptions }
            sent = target
            path = target
        default: try splitAbsolute(target, bytes)
        }
    }

    private mutating func splitAbsolute(_ target: Slice, _ bytes: Span<UInt8>) throws(Refusal) {
        guard let start = Self.endOfScheme(target, bytes) else { throw .targetFormInvalid }
        var end = start
        while end < target.end, bytes[end] != UInt8(ascii: "/"), bytes[end] != UInt8(ascii: "?") { end &+= 1 }
        let authority = Slice(start, end)
        guard let name = Authority.name(of: authority, in: bytes) else { throw .targetAuthorityInvalid }
        self.authority = authority
        self.name = name
        split(end, target.end, bytes)
    }

    private mutating func split(_ start: Int, _ end: Int, _ bytes: Span<UInt8>) {
        sent = Slice(start, end)
        path = Slice(start, Scan.first(UInt8(ascii: "?"), in: bytes, from: start, to: end))
    }

    /// After `http://` or `https://`, in any case (RFC 9110, section 4.2).
    private static func endOfScheme(_ target: Slice, _ bytes: Span<UInt8>) -> Int? {
        if let end = end(of: "http://", target, bytes) { return end }
        return end(of: "https://", target, bytes)
    }

    private static func end(of scheme: StaticString, _ target: Slice, _ bytes: Span<UInt8>) -> Int? {
        let start = Int(target.start)
        let end = start &+ scheme.utf8CodeUnitCount
        guard end <= target.end, bytes.equals(Slice(start, end), ignoringCase: scheme) else { return nil }
        return end
    }
}
