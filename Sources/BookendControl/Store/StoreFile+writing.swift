import GRDB

extension StoreFile {
    /// All of it, or nothing. It may come twice, when it was not known whether the first time did it.
    func write(_ batch: StoreBatch, at time: WallTime) throws {
        try database.write { database in
            for entry in batch.entries { try Self.insert(entry, database) }
            for record in batch.servers.values { try Self.replace(record, time, database) }
            for (key, lease) in batch.leases {
                switch lease {
                case .taken(let lease): try Self.replace(lease, database)
                case .over:
                    try database.cachedStatement(sql: "DELETE FROM leases WHERE pool || '/' || server = ?")
                        .execute(arguments: [key])
                }
            }
        }
    }

    /// Removes a little of what is too old or too much. Gives whether there is more to remove.
    func prune(at time: WallTime) throws -> Bool {
        let oldest = time.plus(seconds: -StoreLimits.journalAge).microseconds
        return try database.write { database in
            var removed = 0
            try database.execute(
                sql: "DELETE FROM journal WHERE id IN (SELECT id FROM journal WHERE wall < ? ORDER BY wall LIMIT ?)",
                arguments: [oldest, StoreLimits.pruneStep])
            removed += database.changesCount
            if try Self.bytes(database) > StoreLimits.journalBytes {
                try database.execute(
                    sql: "DELETE FROM journal WHERE id IN (SELECT id FROM journal ORDER BY id LIMIT ?)",
                    arguments: [StoreLimits.pruneStep])
                removed += database.changesCount
            }
            // Of servers that left the configuration, the ones that left first.
            try database.execute(
                sql: """
                    DELETE FROM servers WHERE (pool, server) IN
                    (SELECT pool, server FROM servers ORDER BY written_at DESC LIMIT -1 OFFSET ?)
                    """, arguments: [StoreLimits.servers])
            try database.execute(sql: "PRAGMA incremental_vacuum(\(StoreLimits.prunePages))")
            return removed >= StoreLimits.pruneStep
        }
    }

    /// In use: what was removed counts no more.
    private static func bytes(_ database: Database) throws -> Int64 {
        let pages = try Int64.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        let free = try Int64.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
        return (pages - free) * StoreLimits.pageBytes
    }

    private static func insert(_ entry: Event, _ database: Database) throws {
        try database.cachedStatement(sql: "INSERT OR IGNORE INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .execute(arguments: [
                entry.id, entry.time.microseconds, Int64(clamping: entry.monotonicNanoseconds),
                entry.kind.rawValue, entry.pool, entry.server, entry.text, JournalDetail.text(entry.detail),
                entry.cause,
            ])
    }

    private static func replace(_ record: ServerRecord, _ time: WallTime, _ database: Database) throws {
        try database.cachedStatement(sql: "INSERT OR REPLACE INTO servers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .execute(arguments: [
                record.pool, record.server, record.state, record.cap, record.death?.inFlight, record.death?.times,
                record.death?.ceiling, record.death?.time.microseconds, time.microseconds,
            ])
    }

    private static func replace(_ lease: LeaseRecord, _ database: Database) throws {
        try database.cachedStatement(sql: "INSERT OR REPLACE INTO leases VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .execute(arguments: [
                lease.pool, lease.server, lease.owner, lease.why, lease.takenAt.microseconds, lease.endsAt.microseconds,
                lease.isForced ? 1 : 0, lease.allowsRecall ? 1 : 0, lease.isRecycle ? 1 : 0,
            ])
    }
}
