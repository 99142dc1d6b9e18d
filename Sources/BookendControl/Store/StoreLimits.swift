import BookendCore

/// What the store may take: every queue, wait and size.
enum StoreLimits {
    /// Bytes of the journal: half a year of a fleet that something happens to every minute, and little beside a log.
    static let journalBytes: Int64 = 64 << 20
    /// Seconds. Postmortems are written within a month.
    static let journalAge: Int64 = 30 * 86_400
    /// That are remembered: twice the largest fleet anybody has tried, for those that come and go.
    static let servers = 20_000
    static let pageBytes: Int64 = 4_096
    /// Entries that are removed at a time, so that nobody waits for it: some milliseconds.
    static let pruneStep = 500
    static let prunePages = 256
    /// Unless as many entries as are removed at a time have come before.
    static let prunePause = TimeSpan.seconds(60)
    static let pruneAgain = TimeSpan.seconds(1)
    /// The log of what is not yet in the file proper; it is emptied from 1,000 pages on (SQLite's own default).
    static let walBytes: Int64 = 8 << 20
    /// KiB of pages in memory: the journal is written, seldom read.
    static let cacheKibibytes = 256

    /// Entries that wait for the disk. The first are kept: what began an incident tells more than its thousandth line.
    static let waitingEntries = 4_096
    /// Changes that wait for their confirmation, and questions for their answer.
    static let waitingTickets = 256
    static let waitingQuestions = 16
    /// From one attempt to the next while the disk takes nothing.
    static let retry = TimeSpan.seconds(1)
    /// A file that is damaged again so soon lies on a disk that fails: a third would fare no better.
    static let betweenDamages = TimeSpan.seconds(60)
    /// Seconds to wait for another process that looks into the file.
    static let busy = 0.5
    /// How long a start waits for the disk. Without what the file holds, all servers are probed first.
    static let patienceAtStart = TimeSpan.seconds(1)
    /// How long the end waits for the disk.
    static let patienceAtEnd = TimeSpan.seconds(2)
    /// How long a question to the store may take before it is answered without it.
    static let patienceForReply = TimeSpan.seconds(3)

    /// Characters of an entry.
    static let text = 1_024
    static let detail = 16_384
    /// Entries and bytes of one page of the journal.
    static let pageEntries = 1_000
    static let pageSize = 256 << 10
}
