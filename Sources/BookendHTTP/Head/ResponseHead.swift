/// A response's head: its parser and its result in one value, made once and used for many responses.
///
/// All slices are offsets into the bytes given to `parse`. Results are valid once `parse` has returned true.
public struct ResponseHead: Sendable {
    private let limits: HeadLimits
    private var stage = Stage.statusLine
    private var line = StatusLine()
    private(set) var section: FieldSection

    private enum Stage: UInt8 { case statusLine, fields, done }

    /// Bytes of the head: status line, fields and the empty line.
    public private(set) var count = 0
    /// How the body ends, given the request's method and the status (rule 9).
    public private(set) var framing: Framing = .none
    /// Whether the server will take another request on this connection, once this message has ended.
    public private(set) var keepsAlive = false

    public init(limits: HeadLimits) {
        self.limits = limits
        section = FieldSection(capacity: min(limits.fields, 32))
    }

    /// Makes ready for the next response; keeps the memory.
    public mutating func reset() {
        stage = .statusLine
        line = StatusLine()
        section.reset(at: 0)
    }

    /// Reads what is there. `bytes` begins at the first byte of the head and grows from call to call; it may go on after
    /// the head. Every byte is looked at once, however many pieces the head arrives in.
    ///
    /// - Parameter method: of the request that this answers.
    /// - Returns: true once the head is whole.
    /// - Throws: why the response is refused, always with status 502. The value is of no use then until `reset`.
    public mutating func parse(_ bytes: Span<UInt8>, to method: Method) throws(Refusal) -> Bool {
        do { return try read(bytes, method) } catch { throw error.asBadGateway }
    }

    private mutating func read(_ bytes: Span<UInt8>, _ method: Method) throws(Refusal) -> Bool {
        let window = bytes.extracting(first: min(bytes.count, limits.bytes))
        if stage == .statusLine, try line.read(window) {
            section.reset(at: line.end)
            stage = .fields
        }
        if stage == .fields, try section.read(window, limit: limits.fields) {
            count = section.end
            try section.check(version, window)
            framing = findFraming(method)
            keepsAlive = section.options.keepsAlive(version) && framing != .untilClose
            stage = .done
        }
        if stage == .done { return true }
        guard window.count < limits.bytes else { throw .headTooLarge }
        return false
    }

    /// RFC 9112, section 6.3, in its order.
    private func findFraming(_ method: Method) -> Framing {
        if method == .head || status < 200 || status == 204 || status == 304 { return .none }
        // After a 2xx to CONNECT comes a tunnel, no body.
        if method == .connect, status < 300 { return .none }
        if section.isChunked { return .chunked }
        return section.contentLength.map { .length($0) } ?? .untilClose
    }
}

extension ResponseHead {
    /// Three digits, 100 to 999.
    public var status: Int { line.status }
    public var reason: Slice { line.reason }
    public var version: Version { line.version }
    /// A 1xx that another response follows: any but 101.
    public var isInterim: Bool { status < 200 && status != 101 }
    /// A 101: what follows is a tunnel, if the request asked for one (rule 7).
    public var isSwitchingProtocols: Bool { status == 101 }
    /// What `Content-Length` says, also where no body follows (HEAD, 304).
    public var declaredLength: UInt64? { section.contentLength }
    /// All field lines in the order received.
    public var fields: [Field] { section.fields }
    /// The names that occur.
    public var present: FieldNameSet { section.present }

    /// The value of the first field of that name, without white space around it. Costs nothing if there is none.
    public func value(of name: FieldName) -> Slice? { section.value(of: name) }
}
