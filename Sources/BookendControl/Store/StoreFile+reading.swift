import GRDB

extension StoreFile {
    /// What a start needs.
    struct Contents {
        var servers: [ServerRecord] = []
        var leases: [LeaseRecord] = []
        /// The largest id in the journal.
        var lastEntry: Int64 = 0
        /// When Bookend started, went on with another worker process or stopped last.
        var lastRun: Event?
    }

    func contents() throws -> Contents {
        try database.read { database in
            Contents(
                servers: try Row.fetchAll(database, sql: "SELECT * FROM servers").compactMap(Self.server),
                leases: try Row.fetchAll(database, sql: "SELECT * FROM leases").compactMap(Self.lease),
                lastEntry: try Int64.fetchOne(database, sql: "SELECT max(id) FROM journal") ?? 0,
                lastRun: try Row.fetchOne(
                    database,
                    // As the index has it, or all of the journal is read at a start.
                    sql: """
                        SELECT * FROM journal WHERE kind IN ('start', 'process', 'stop') ORDER BY id DESC LIMIT 1
                        """
                ).flatMap(Self.entry))
        }
    }

    func page(_ query: JournalQuery) throws -> JournalPage {
        let limit = min(max(1, query.limit), StoreLimits.pageEntries)
        return try database.read { database in
            let oldest = try Int64.fetchOne(database, sql: "SELECT min(id) FROM journal")
            var first: Int64 = 0
            if let since = query.since {
                // By the index on time: a reader of the last hour does not pass through the last month.
                let found = try Int64.fetchOne(
                    database, sql: "SELECT min(id) FROM journal INDEXED BY journal_wall WHERE wall >= ?",
                    arguments: [since.microseconds])
                guard let found else { return JournalPage(entries: [], oldest: oldest, more: false) }
                first = found
            }
            let rows = try Row.fetchCursor(
                database,
                sql: "SELECT * FROM journal WHERE id >= ? AND id > ? AND wall >= ? ORDER BY id LIMIT ?",
                arguments: [first, query.after, query.since?.microseconds ?? 0, limit + 1])
            var entries: [Event] = []
            var size = 0
            while let row = try rows.next() {
                guard let entry = Self.entry(row) else { continue }
                let detail: String? = row.found("detail")
                size += entry.text.utf8.count + (detail?.utf8.count ?? 0) + 256
                // One at least, or nobody would ever get past it.
                let isFull = entries.count == limit || (size > StoreLimits.pageSize && !entries.isEmpty)
                if isFull { return JournalPage(entries: entries, oldest: oldest, more: true) }
                entries.append(entry)
            }
            return JournalPage(entries: entries, oldest: oldest, more: false)
        }
    }

    private static func entry(_ row: Row) -> Event? {
        guard let id: Int64 = row.found("id"), let wall: Int64 = row.found("wall"),
            let kind: String = row.found("kind"),
            let text: String = row.found("text")
        else { return nil }
        let monotonic: Int64 = row.found("monotonic") ?? 0
        return Event(
            id: id, time: WallTime(microseconds: wall), monotonicNanoseconds: UInt64(clamping: monotonic),
            kind: Event.Kind(rawValue: kind), pool: row.found("pool"), server: row.found("server"), text: text,
            detail: JournalDetail.detail(row.found("detail")), cause: row.found("cause"))
    }

    private static func server(_ row: Row) -> ServerRecord? {
        guard let pool: String = row.found("pool"), let server: String = row.found("server"),
            let state: String = row.found("state")
        else { return nil }
        var death: ServerRecord.Death?
        if let inFlight: Int = row.found("died_in_flight"), let times: Int = row.found("deaths"),
            let ceiling: Double = row.found("ceiling"), let time: Int64 = row.found("died_at")
        {
            death = ServerRecord.Death(
                inFlight: inFlight, times: times, ceiling: ceiling, time: WallTime(microseconds: time))
        }
        return ServerRecord(pool: pool, server: server, state: state, cap: row.found("cap"), death: death)
    }

    private static func lease(_ row: Row) -> LeaseRecord? {
        guard let pool: String = row.found("pool"), let server: String = row.found("server"),
            let owner: String = row.found("owner"), let why: String = row.found("why"),
            let taken: Int64 = row.found("taken_at"), let ends: Int64 = row.found("ends_at"),
            let forced: Int64 = row.found("forced"), let recall: Int64 = row.found("recall"),
            let recycle: Int64 = row.found("recycle")
        else { return nil }
        return LeaseRecord(
            pool: pool, server: server, owner: owner, why: why, takenAt: WallTime(microseconds: taken),
            endsAt: WallTime(microseconds: ends), isForced: forced != 0, allowsRecall: recall != 0,
            isRecycle: recycle != 0)
    }
}

extension Row {
    /// Nil for NULL, and for whatever else a damaged file has there: GRDB's own reading would trap.
    fileprivate func found<Value: DatabaseValueConvertible>(_ column: String) -> Value? {
        let value: DatabaseValue = self[column]
        return Value.fromDatabaseValue(value)
    }
}
