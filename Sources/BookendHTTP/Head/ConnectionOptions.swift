/// What the `Connection` fields of a head say (RFC 9110, section 7.6.1).
struct ConnectionOptions: OptionSet {
    let rawValue: UInt8

    static let close = ConnectionOptions(rawValue: 1)
    static let keepAlive = ConnectionOptions(rawValue: 2)
    static let upgrade = ConnectionOptions(rawValue: 4)
    /// Something else, most likely the name of a field that goes no further.
    static let named = ConnectionOptions(rawValue: 8)

    /// Elements that a head may have when one of them is the name of a field. Real ones have two or three.
    static let maximumNames = 32

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ value: Slice, in bytes: Span<UInt8>) {
        var found: ConnectionOptions = []
        // The two values that nearly all messages have match here, without taking the list apart.
        if bytes.equals(value, ignoringCase: "keep-alive") {
            found = .keepAlive
        } else if bytes.equals(value, ignoringCase: "close") {
            found = .close
        } else {
            var elements = ListElements(value)
            while let element = elements.next(in: bytes) { found.formUnion(Self.option(element, bytes)) }
        }
        rawValue = found.rawValue
    }

    private static func option(_ element: Slice, _ bytes: Span<UInt8>) -> ConnectionOptions {
        if bytes.equals(element, ignoringCase: "close") { return .close }
        if bytes.equals(element, ignoringCase: "keep-alive") { return .keepAlive }
        if bytes.equals(element, ignoringCase: "upgrade") { return .upgrade }
        return .named
    }

    /// Whether the connection stays open after this message (RFC 9112, section 9.3).
    func keepsAlive(_ version: Version) -> Bool {
        if contains(.close) { return false }
        return version == .http11 || contains(.keepAlive)
    }
}
