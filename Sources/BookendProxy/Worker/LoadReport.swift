import BookendHTTP

/// What a server said last of its load, in one word, so that the control plane reads it whole while a worker writes the
/// next.
public struct LoadReport: Sendable, Equatable {
    fileprivate static let unknown: UInt64 = 0xFFFF
    /// Memory is told in so many parts of all, the others in thousandths, up to 65.
    private static let memoryParts = 65_534.0
    private static let thousand = 1_000.0

    let word: UInt64

    init(word: UInt64) {
        self.word = word
    }

    /// - Parameter last: of the same server and worker; another word follows it, also when nothing has changed.
    init(_ metrics: LoadMetrics, after last: LoadReport) {
        func part(_ value: Double?, _ scale: Double) -> UInt64 {
            value.map { UInt64(min(65_534, max(0, $0 * scale))) } ?? Self.unknown
        }
        // Never 0, which is nothing said.
        let number = (last.word & 0xFFFF) % 0xFFFF + 1
        word =
            part(metrics.memory, Self.memoryParts) << 48 | part(metrics.cpu, Self.thousand) << 32
            | part(metrics.application, Self.thousand) << 16 | number
    }

    /// Nothing was ever said.
    public var isEmpty: Bool { word == 0 }
    /// The part of its memory that is used, 0 to 1.
    public var memory: Double? { value(48, Self.memoryParts) }
    public var cpu: Double? { value(32, Self.thousand) }
    public var application: Double? { value(16, Self.thousand) }

    private func value(_ shift: UInt64, _ scale: Double) -> Double? {
        let part = word >> shift & 0xFFFF
        return isEmpty || part == Self.unknown ? nil : Double(part) / scale
    }
}
