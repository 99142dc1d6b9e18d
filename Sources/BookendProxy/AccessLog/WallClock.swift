import BookendCore
import BookendHTTP
import BookendLoop

/// The time of day, as answers and log lines write it. Kept in step with the system's clock once a second.
struct WallClock {
    private var moment = Moment.origin
    private var nanoseconds: UInt64 = 0

    /// Reads the system's clock anew when the last reading is a second old.
    mutating func update(at now: Moment, on kernel: Kernel) {
        guard nanoseconds == 0 || moment + .seconds(1) <= now else { return }
        moment = now
        nanoseconds = kernel.wallClock()
    }

    func time(at now: Moment) -> CivilTime {
        CivilTime(unixNanoseconds: nanoseconds + UInt64((now - moment).nanoseconds))
    }

    /// RFC 9110, section 5.6.7: `Sat, 21 Nov 2026 01:26:00 GMT`.
    func appendHTTPDate(to output: inout OutputSpan<UInt8>) {
        CivilTime(unixNanoseconds: nanoseconds).appendHTTPDate(to: &output)
    }
}

/// A moment as calendar and clock in UTC.
struct CivilTime {
    private let year: Int
    private let month: Int
    private let day: Int
    private let weekday: Int
    private let second: Int
    private let millisecond: Int

    /// Days to a date: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
    init(unixNanoseconds: UInt64) {
        let seconds = Int(unixNanoseconds / 1_000_000_000)
        let days = seconds / 86_400
        second = seconds % 86_400
        millisecond = Int(unixNanoseconds / 1_000_000 % 1_000)
        weekday = (days + 4) % 7
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    func appendHTTPDate(to output: inout OutputSpan<UInt8>) {
        Self.append(Self.weekdays, weekday, to: &output)
        output.append(", ")
        output.append(day, digits: 2)
        output.append(" ")
        Self.append(Self.months, month - 1, to: &output)
        output.append(" ")
        output.append(year, digits: 4)
        output.append(" ")
        appendTime(to: &output)
        output.append(" GMT")
    }

    /// RFC 3339: `2026-11-21T01:26:00.123Z`.
    func appendTimestamp(to output: inout OutputSpan<UInt8>) {
        output.append(year, digits: 4)
        output.append("-")
        output.append(month, digits: 2)
        output.append("-")
        output.append(day, digits: 2)
        output.append("T")
        appendTime(to: &output)
        output.append(".")
        output.append(millisecond, digits: 3)
        output.append("Z")
    }

    /// Apache's form: `21/Nov/2026:01:26:00 +0000`.
    func appendLogTime(to output: inout OutputSpan<UInt8>) {
        output.append(day, digits: 2)
        output.append("/")
        Self.append(Self.months, month - 1, to: &output)
        output.append("/")
        output.append(year, digits: 4)
        output.append(":")
        appendTime(to: &output)
        output.append(" +0000")
    }

    private func appendTime(to output: inout OutputSpan<UInt8>) {
        output.append(second / 3_600, digits: 2)
        output.append(":")
        output.append(second / 60 % 60, digits: 2)
        output.append(":")
        output.append(second % 60, digits: 2)
    }

    private static let weekdays: StaticString = "SunMonTueWedThuFriSat"
    private static let months: StaticString = "JanFebMarAprMayJunJulAugSepOctNovDec"

    private static func append(_ names: StaticString, _ index: Int, to output: inout OutputSpan<UInt8>) {
        for offset in 0..<3 { output.append(names.utf8Start[index * 3 + offset]) }
    }
}

extension OutputSpan<UInt8> {
    /// With leading zeros.
    mutating func append(_ value: Int, digits: Int) {
        var divisor = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
            divisor /= 10
        }
    }
}
