public import BookendCore

/// Reading durations as people write them: `250ms`, `1.5s`, `10s`, `5m`, `1h`. Nil for anything else, also for what is
/// negative or longer than a day.
extension TimeSpan {
    public init?(loadText text: some StringProtocol) {
        let units: [(String, Double)] = [("ms", 1e6), ("us", 1e3), ("s", 1e9), ("m", 6e10), ("h", 3.6e12)]
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let unit = units.first(where: { $0.0 == text[number.endIndex...] }),
            let value = Double(number), value * unit.1 <= Double(LoadLimits.duration.nanoseconds)
        else { return nil }
        self.init(nanoseconds: Int64(value * unit.1))
    }
}
