import Foundation

/// A point in time as the database keeps it: whole seconds since 1970, UTC.
struct Moment: Sendable, Hashable, Comparable {
    let seconds: Int

    static var now: Moment { Moment(seconds: Int(Date().timeIntervalSince1970)) }

    static func < (left: Moment, right: Moment) -> Bool { left.seconds < right.seconds }

    func adding(days: Int) -> Moment { Moment(seconds: seconds + days * 86_400) }

    /// `2026-03-01T12:00:00Z`, for JSON.
    var iso8601: String { Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601) }

    /// `1 March 2026`, for people.
    var day: String {
        let parts = Self.calendar.dateComponents([.year, .month, .day], from: date)
        let month = Self.months[((parts.month ?? 1) - 1) % 12]
        return "\(parts.day ?? 1) \(month) \(parts.year ?? 1970)"
    }

    var year: Int { Self.calendar.component(.year, from: date) }

    static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    private var date: Date { Date(timeIntervalSince1970: Double(seconds)) }

    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()
}

extension Moment {
    /// The seconds from the start of `year` up to, not including, the start of the next.
    static func range(of year: Int) -> Range<Int> {
        start(of: year)..<start(of: year + 1)
    }

    private static func start(of year: Int) -> Int {
        let parts = DateComponents(year: year, month: 1, day: 1)
        return Int(calendar.date(from: parts)?.timeIntervalSince1970 ?? 0)
    }
}
