import BookendCore
import CLinux
import Glibc

/// The time of day, for people and for what outlasts a restart. It may jump: nothing is measured by it.
public struct WallTime: Hashable, Comparable, Sendable {
    /// Since 1970, UTC.
    public let microseconds: Int64

    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    public static var now: WallTime { WallTime(unixNanoseconds: clinux_wall_clock()) }

    init(unixNanoseconds: UInt64) {
        microseconds = Int64(clamping: unixNanoseconds / 1_000)
    }

    public static func < (left: WallTime, right: WallTime) -> Bool { left.microseconds < right.microseconds }

    func plus(_ span: TimeSpan) -> WallTime {
        let (sum, isTooFar) = microseconds.addingReportingOverflow(span.nanoseconds / 1_000)
        return isTooFar ? self : WallTime(microseconds: sum)
    }

    /// From this time until another; as long as can be for what is further apart.
    func span(to other: WallTime) -> TimeSpan {
        let (span, isTooFar) = other.microseconds.subtractingReportingOverflow(microseconds)
        let (nanoseconds, isTooLong) = span.multipliedReportingOverflow(by: 1_000)
        guard isTooFar || isTooLong else { return TimeSpan(nanoseconds: nanoseconds) }
        return TimeSpan(nanoseconds: other < self ? -Int64.max : .max)
    }

    /// - Parameter seconds: less than none is the time before.
    public func plus(seconds: Int64) -> WallTime {
        let (span, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000)
        let (sum, isTooLate) = microseconds.addingReportingOverflow(span)
        return WallTime(microseconds: isTooLong || isTooLate ? (seconds < 0 ? 0 : .max) : sum)
    }
}

// MARK: - RFC 3339

extension WallTime: CustomStringConvertible {
    /// `2026-11-21T01:26:00.123456Z`
    public var description: String { text(fraction: microseconds % 1_000_000, digits: 6) }

    /// As the access log has it: `2026-11-21T01:26:00.123Z`.
    public var inMilliseconds: String { text(fraction: microseconds % 1_000_000 / 1_000, digits: 3) }

    private func text(fraction: Int64, digits: Int) -> String {
        var seconds = time_t(microseconds / 1_000_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let date = [Int(parts.tm_year) + 1_900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)]
        let time = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { Self.padded(Int($0), 2) }
        return Self.padded(date[0], 4) + "-" + Self.padded(date[1], 2) + "-" + Self.padded(date[2], 2) + "T"
            + time.joined(separator: ":") + "." + Self.padded(Int(max(0, fraction)), digits) + "Z"
    }

    private static func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    /// As `description` writes it, with any number of digits behind the second, or none.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard (20...40).contains(bytes.count), bytes.last == UInt8(ascii: "Z") else { return nil }
        for (place, mark) in [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")] {
            guard bytes[place] == mark.utf8.first else { return nil }
        }
        var parts = tm()
        guard let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]),
            let day = Self.number(bytes[8..<10]), let hour = Self.number(bytes[11..<13]),
            let minute = Self.number(bytes[14..<16]), let second = Self.number(bytes[17..<19]),
            year >= 1970, (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        parts.tm_year = Int32(year - 1_900)
        parts.tm_mon = Int32(month - 1)
        parts.tm_mday = Int32(day)
        parts.tm_hour = Int32(hour)
        parts.tm_min = Int32(minute)
        parts.tm_sec = Int32(second)
        var fraction = 0
        if bytes[19] == UInt8(ascii: ".") {
            let digits = bytes[20..<bytes.count - 1].prefix(6)
            guard let number = Self.number(digits) else { return nil }
            fraction = (digits.count..<6).reduce(number) { value, _ in value * 10 }
        } else if bytes.count != 20 {
            return nil
        }
        microseconds = Int64(timegm(&parts)) * 1_000_000 + Int64(fraction)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
}

extension WallTime: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let time = WallTime(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no RFC 3339 time in UTC")
        }
        self = time
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
