extension Event {
    /// Figures that are long, and that nobody who listens waits for: the journal alone has them, by the event's number.
    private static let keptOnly: Set<String> = [RunEvents.whole, FleetEvents.hookOutput]

    /// As those who listen are told, whether it comes from memory or from the journal.
    ///
    /// - Parameter hasFigures: false for one whose figures are too long.
    func told(hasFigures: Bool) -> Event {
        Event(
            id: id, time: time, monotonicNanoseconds: monotonicNanoseconds, kind: kind, pool: pool, server: server,
            text: text, detail: hasFigures ? detail.filter { !Self.keptOnly.contains($0.key) } : ["left_out": true],
            cause: cause)
    }

    /// About what it takes in memory, in bytes.
    var size: Int {
        256 + text.utf8.count + (pool?.utf8.count ?? 0) + (server?.utf8.count ?? 0) + JSONValue.object(detail).size
    }
}

extension JSONValue {
    /// Nothing in it is longer than an entry of the journal may have.
    var bounded: JSONValue {
        switch self {
        case .text(let text): .text(text.cut(to: StoreLimits.detail))
        case .list(let values): .list(values.prefix(StoreLimits.detailItems).map(\.bounded))
        case .object(let pairs): .object(pairs.mapValues(\.bounded))
        case .number, .flag: self
        }
    }

    /// About what it takes in memory, in bytes: 48 for each value, and what its text has.
    fileprivate var size: Int {
        switch self {
        case .text(let text): 48 + text.utf8.count
        case .number, .flag: 48
        case .list(let values): values.reduce(48) { $0 + $1.size }
        case .object(let pairs): pairs.reduce(48) { $0 + $1.key.utf8.count + $1.value.size }
        }
    }
}

extension String {
    /// At most so many bytes of UTF-8, and no half of a character's scalar.
    func cut(to bytes: Int) -> String {
        guard utf8.count > bytes else { return self }
        return String(unicodeScalars[..<utf8.index(startIndex, offsetBy: bytes)])
    }
}
