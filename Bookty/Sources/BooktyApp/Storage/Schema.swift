import GRDB

/// The tables. A change is a new migration: instances of two versions may share the file while they are replaced.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 catalogue") { try $0.execute(sql: catalogue) }
        migrator.registerMigration("2 accounts") { try $0.execute(sql: accounts) }
        migrator.registerMigration("3 reading") { try $0.execute(sql: reading) }
        return migrator
    }

    /// `year` is negative before the common era; `approximate` marks years that are scholars' estimates.
    private static let catalogue = """
        CREATE TABLE work (
            id INTEGER PRIMARY KEY,
            title TEXT NOT NULL,
            author TEXT NOT NULL,
            year INTEGER NOT NULL,
            approximate INTEGER NOT NULL,
            language TEXT NOT NULL,
            country TEXT NOT NULL,
            subjects TEXT NOT NULL,
            description TEXT NOT NULL,
            UNIQUE (title, author)
        );
        CREATE INDEX work_by_year ON work (year, id);
        CREATE TABLE work_subject (
            subject TEXT NOT NULL,
            work_id INTEGER NOT NULL REFERENCES work (id) ON DELETE CASCADE,
            PRIMARY KEY (subject, work_id)
        ) WITHOUT ROWID;
        CREATE VIRTUAL TABLE work_text USING fts5 (
            title, author, subjects, country, language, description,
            content = 'work', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
        );
        """

    /// `session.digest` is the SHA-256 of the cookie's token: who reads the file cannot sign in as anybody.
    private static let accounts = """
        CREATE TABLE account (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE COLLATE NOCASE,
            password TEXT NOT NULL,
            about TEXT NOT NULL DEFAULT '',
            created_at INTEGER NOT NULL
        );
        CREATE TABLE session (
            digest TEXT PRIMARY KEY,
            account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            expires_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX session_by_expiry ON session (expires_at);
        """

    /// Times are seconds since 1970, UTC.
    private static let reading = """
        CREATE TABLE review (
            work_id INTEGER NOT NULL REFERENCES work (id) ON DELETE CASCADE,
            account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            stars INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5),
            body TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            PRIMARY KEY (work_id, account_id)
        ) WITHOUT ROWID;
        CREATE INDEX review_by_time ON review (updated_at);
        CREATE TABLE shelf (
            account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            work_id INTEGER NOT NULL REFERENCES work (id) ON DELETE CASCADE,
            state TEXT NOT NULL CHECK (state IN ('to-read', 'reading', 'read')),
            added_at INTEGER NOT NULL,
            read_at INTEGER,
            PRIMARY KEY (account_id, work_id)
        ) WITHOUT ROWID;
        CREATE INDEX shelf_by_read ON shelf (read_at);
        """
}
