import BookendCore

/// Numbers as the terminal shows them.
enum Figures {
    /// With that many decimals, rounded half up; `value` is finite and below 10^15.
    static func fixed(_ value: Double, _ decimals: Int) -> String {
        let scale = (0..<decimals).reduce(1) { product, _ in product * 10 }
        let scaled = Int((value.magnitude * Double(scale)).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard decimals > 0 else { return sign + grouped(UInt64(scaled)) }
        let fraction = String(scaled % scale)
        return sign + grouped(UInt64(scaled / scale)) + "." + zeros(decimals - fraction.count) + fraction
    }

    /// `1,234,567`.
    static func grouped(_ value: UInt64) -> String {
        let digits = Array(String(value))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    /// Three significant digits at least: `412us`, `1.23ms`, `45.6ms`, `1.20s`.
    static func latency(_ span: TimeSpan) -> String {
        let microseconds = Double(span.nanoseconds) / 1e3
        switch microseconds {
        case ..<999.5: return "\(fixed(microseconds, 0))us"
        case ..<9_995: return "\(fixed(microseconds / 1e3, 2))ms"
        case ..<99_950: return "\(fixed(microseconds / 1e3, 1))ms"
        case ..<999_500: return "\(fixed(microseconds / 1e3, 0))ms"
        default: return "\(fixed(microseconds / 1e6, 2))s"
        }
    }

    static func bytes(_ count: UInt64) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        var value = Double(count)
        var unit = 0
        while value >= 1_024, unit < units.count - 1 {
            value /= 1_024
            unit += 1
        }
        return "\(fixed(value, unit == 0 ? 0 : 1)) \(units[unit])"
    }

    /// As a percentage: two decimals, and `<0.01%` for what they would hide.
    static func share(_ part: UInt64, of whole: UInt64) -> String {
        guard part > 0, whole > 0 else { return "0%" }
        return share(Double(part) / Double(whole))
    }

    static func share(_ share: Double) -> String {
        if share == 0 { return "0%" }
        return share < 0.000_1 ? "<0.01%" : "\(fixed(share * 100, 2))%"
    }

    static func padded(_ text: String, to width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private static func zeros(_ count: Int) -> String {
        String(repeating: "0", count: max(0, count))
    }
}
