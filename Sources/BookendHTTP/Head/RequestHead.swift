/// A request's head: its parser and its result in one value, made once and used for many requests.
///
/// All slices are offsets into the bytes given to `parse`. Results are valid once `parse` has returned true.
public struct RequestHead: Sendable {
    /// In force for the next head; a value is used for clients of listeners whose limits differ.
    public var limits: HeadLimits
    private var stage = Stage.requestLine
    private var line = RequestLine()
    private(set) var section: FieldSection
    private var parts = Target()

    private enum Stage: UInt8 { case requestLine, fields, done }

    /// Bytes of the head: skipped empty lines, request line, fields and the empty line.
    public private(set) var count = 0
    /// The authority in force: the target's if it is in absolute form, else the value of `Host`, with its port. Valid,
    /// and empty only in HTTP/1.0 without `Host` (rule 4).
    public private(set) var host: Slice = .empty
    /// `host` without its port, for routing. Letters as received: compare without case.
    public private(set) var hostName: Slice = .empty
    /// `none`, `length` or `chunked`.
    public private(set) var framing: Framing = .none
    /// Whether the client wants to go on with this connection.
    public private(set) var keepsAlive = false
    /// The client waits for a 100 before it sends its body. Only in HTTP/1.1, and only if there is a body.
    public private(set) var expectsContinue = false
    /// The client asks for another protocol: `Connection` names it and `Upgrade` is there. Only in HTTP/1.1, without a
    /// body (a tunnel must not begin in the middle of one), and never to `h2c` (it would tunnel requests unchecked).
    public private(set) var wantsUpgrade = false

    public init(limits: HeadLimits) {
        self.limits = limits
        section = FieldSection(capacity: min(limits.fields, 32))
    }

    /// Makes ready for the next request; keeps the memory.
    public mutating func reset() {
        stage = .requestLine
        line = RequestLine()
        section.reset(at: 0)
    }

    /// Reads what is there. `bytes` begins at the first byte of the head and grows from call to call; it may go on after
    /// the head. Every byte is looked at once, however many pieces the head arrives in.
    ///
    /// - Returns: true once the head is whole.
    /// - Throws: why the request is refused: 400, 405, 414, 431, 501 or 505. The value is of no use then until `reset`.
    public mutating func parse(_ bytes: Span<UInt8>) throws(Refusal) -> Bool {
        let window = bytes.extracting(first: min(bytes.count, limits.bytes))
        if stage == .requestLine, try line.read(window, targetLimit: limits.target) {
            parts = try Target(line, in: window)
            section.reset(at: line.end)
            stage = .fields
        }
        if stage == .fields, try section.read(window, limit: limits.fields) {
            try finish(window)
            stage = .done
        }
        if stage == .done { return true }
        guard window.count < limits.bytes else { throw .headTooLarge }
        return false
    }

    private mutating func finish(_ bytes: Span<UInt8>) throws(Refusal) {
        count = section.end
        try section.check(version, bytes)
        try findHost(bytes)
        framing = section.isChunked ? .chunked : section.contentLength.map { .length($0) } ?? .none
        let hasBody = framing != .none && framing != .length(0)
        let isCurrent = version == .http11
        keepsAlive = section.options.keepsAlive(version)
        expectsContinue = isCurrent && hasBody && expects100(bytes)
        wantsUpgrade = isCurrent && !hasBody && section.options.contains(.upgrade) && upgradesSafely(bytes)
    }

    private mutating func findHost(_ bytes: Span<UInt8>) throws(Refusal) {
        host = .empty
        hostName = .empty
        var isThere = false
        if section.present.contains(.host) {
            for field in section.fields where field.known == .host {
                guard !isThere else { throw .hostRepeated }
                guard let name = Authority.name(of: field.value, in: bytes) else { throw .hostInvalid }
                isThere = true
                host = field.value
                hostName = name
            }
        }
        guard isThere || version == .http10 else { throw .hostMissing }
        if let authority = parts.authority {
            host = authority
            hostName = parts.name
        }
    }

    private func expects100(_ bytes: Span<UInt8>) -> Bool {
        guard let value = value(of: .expect) else { return false }
        return bytes.equals(value, ignoringCase: "100-continue")
    }

    private func upgradesSafely(_ bytes: Span<UInt8>) -> Bool {
        guard section.present.contains(.upgrade) else { return false }
        for field in section.fields where field.known == .upgrade {
            var elements = ListElements(field.value)
            while let element = elements.next(in: bytes) {
                if bytes.equals(element, ignoringCase: "h2c") { return false }
            }
        }
        return true
    }
}

extension RequestHead {
    public var method: Method { line.method }
    public var methodText: Slice { line.methodText }
    public var version: Version { line.version }
    /// What is sent to the server: path and query as received, or `*`. An absolute-form target without a path gives a
    /// slice that is empty or begins with `?`; `writeRequestLine` adds what is missing.
    public var target: Slice { parts.sent }
    /// The target without its query, for routing. Empty means `/`.
    public var path: Slice { parts.path }
    /// The target named its host itself (RFC 9112, section 3.2.2); `Host` is then written anew.
    public var isAbsoluteForm: Bool { parts.authority != nil }
    /// All field lines in the order received.
    public var fields: [Field] { section.fields }
    /// The names that occur.
    public var present: FieldNameSet { section.present }

    /// The value of the first field of that name, without white space around it. Costs nothing if there is none.
    public func value(of name: FieldName) -> Slice? { section.value(of: name) }

    /// Fields of that name are not written on.
    ///
    /// - Parameter name: in lower case.
    public mutating func drop(_ name: Span<UInt8>, in bytes: Span<UInt8>) {
        section.drop(name, bytes)
    }
}
