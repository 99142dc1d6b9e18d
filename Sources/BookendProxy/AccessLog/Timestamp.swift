/// The time of day as every record of Bookend writes it. Not by Foundation's formats: the first use of those touches 2 MiB of
/// tables, and every worker process would hold them.
public enum Timestamp {
    private static let length = 24

    /// RFC 3339, in UTC, with milliseconds: `2026-11-21T01:26:00.123Z`.
    public static func text(_ unixNanoseconds: UInt64) -> String {
        let time = CivilTime(unixNanoseconds: unixNanoseconds)
        return String(decoding: [UInt8](capacity: length) { time.appendTimestamp(to: &$0) }, as: UTF8.self)
    }
}
