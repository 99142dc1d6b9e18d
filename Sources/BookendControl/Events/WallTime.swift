import Foundation

/// The time of day, as events and alerts write it.
enum WallTime {
    /// RFC 3339, in UTC, with milliseconds.
    static func text(_ unixNanoseconds: UInt64) -> String {
        Date(timeIntervalSince1970: Double(unixNanoseconds) / 1e9)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
