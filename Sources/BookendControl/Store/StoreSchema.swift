import GRDB

/// The tables, version by version. A version that was released is never changed: what comes is a migration of its own.
enum StoreSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE journal (
                        id INTEGER PRIMARY KEY,
                        wall INTEGER NOT NULL,      -- microseconds since 1970
                        monotonic INTEGER NOT NULL, -- nanoseconds since the machine started
                        kind TEXT NOT NULL,
                        pool TEXT,
                        server TEXT,
                        text TEXT NOT NULL,
                        detail TEXT,                -- a JSON object
                        cause INTEGER               -- another entry's id
                    ) STRICT;
                    CREATE INDEX journal_wall ON journal (wall);
                    CREATE INDEX journal_runs ON journal (id) WHERE kind IN ('start', 'process', 'stop');
                    CREATE TABLE servers (
                        pool TEXT NOT NULL,
                        server TEXT NOT NULL,
                        state TEXT NOT NULL,
                        cap INTEGER,                -- requests that it was known to hold
                        died_in_flight INTEGER,     -- requests, when it died last
                        deaths INTEGER,
                        ceiling REAL,               -- requests that it may have since
                        died_at INTEGER,
                        written_at INTEGER NOT NULL,
                        PRIMARY KEY (pool, server)
                    ) STRICT, WITHOUT ROWID;
                    CREATE TABLE leases (
                        pool TEXT NOT NULL,
                        server TEXT NOT NULL,
                        owner TEXT NOT NULL,
                        why TEXT NOT NULL,
                        taken_at INTEGER NOT NULL,
                        ends_at INTEGER NOT NULL,
                        forced INTEGER NOT NULL,
                        recall INTEGER NOT NULL,
                        PRIMARY KEY (pool, server)
                    ) STRICT, WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("2") { database in
            // Taken by a recycle: its clean-up hook may run.
            try database.execute(sql: "ALTER TABLE leases ADD COLUMN recycle INTEGER NOT NULL DEFAULT 0")
        }
        return migrator
    }
}
