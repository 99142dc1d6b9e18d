import Foundation

/// How figures and tables are written on screens.
enum ScreenText {
    static func span(_ time: Double) -> String {
        if time < 1 { return "\(Int(time * 1_000))ms" }
        let seconds = Int(time)
        if seconds < 60 { return "\(seconds)s" }
        if seconds < 3_600 { return "\(seconds / 60)m\(seconds % 60)s" }
        return "\(seconds / 3_600)h\(seconds / 60 % 60)m"
    }

    static func number(_ value: Double) -> String {
        value >= 100 ? String(Int(value.rounded())) : String(format: value >= 10 ? "%.1f" : "%.2f", value)
    }

    /// Requests in flight: whole ones, or tenths.
    static func requests(_ value: Double) -> String {
        let tenths = (value * 10).rounded()
        return tenths.truncatingRemainder(dividingBy: 10) == 0
            ? "\(Int(tenths / 10))" : String(format: "%.1f", tenths / 10)
    }

    static func count(_ count: Int, _ what: String) -> String {
        count == 1 ? "1 \(what)" : "\(count) \(what)s"
    }

    /// The time of day here, so many seconds from now.
    static func time(in seconds: Double) -> String {
        var moment = time_t(Date().timeIntervalSince1970 + seconds)
        var parts = tm()
        localtime_r(&moment, &parts)
        var text = [CChar](repeating: 0, count: 64)
        let isToday = seconds < 12 * 3_600
        let length = strftime(&text, text.count, isToday ? "%H:%M:%S %Z" : "%Y-%m-%d %H:%M %Z", &parts)
        return String(decoding: text.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Columns as wide as their widest cell; the first `left` begin at the left, numbers end at the right.
    static func aligned(_ rows: [[String]], left: Int, indent: String = "  ") -> [String] {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return column < left ? (column == row.count - 1 ? cell : cell + padding) : padding + cell
            }
            return indent + cells.joined(separator: "  ")
        }
    }
}
