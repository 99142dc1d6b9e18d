import GRDB

/// Reads and changes readers' shelves.
package struct Shelves: Sendable {
    let storage: Storage

    package init(storage: Storage) {
        self.storage = storage
    }

    /// Everything on a reader's shelf, latest first. It cannot be longer than the catalogue.
    package func entries(of account: Account) async throws -> [ShelfEntry] {
        try await storage.read {
            try ShelfEntry.fetchAll(
                $0,
                sql: """
                    SELECT \(ShelfEntry.columns) FROM shelf JOIN work ON work.id = work_id WHERE account_id = ?
                    ORDER BY coalesce(shelf.read_at, shelf.added_at) DESC, work.id
                    """,
                arguments: [account.id])
        }
    }

    /// One book on a reader's shelf, or nil when it is not there.
    package func entry(_ bookID: Int, of account: Account) async throws -> ShelfEntry? {
        try await storage.read { try Self.find($0, bookID: bookID, accountID: account.id) }
    }

    /// Puts a book on the shelf or changes its state. The second value is true when it was not there before. Throws
    /// `Problem.notFound` when there is no such book.
    package func put(_ bookID: Int, state: ReadingState, of account: Account) async throws -> (ShelfEntry, Bool) {
        try await storage.write { database in
            try Book.requireExistence(of: bookID, in: database)
            let isNew = try Self.find(database, bookID: bookID, accountID: account.id) == nil
            let now = Moment.now.seconds
            // Marking as read twice keeps the first day: it is when the reader finished.
            try database.execute(
                sql: """
                    INSERT INTO shelf (account_id, work_id, state, added_at, read_at) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET state = excluded.state,
                        read_at = CASE WHEN excluded.read_at IS NULL THEN NULL ELSE coalesce(read_at, excluded.read_at) END
                    """,
                arguments: [account.id, bookID, state.rawValue, now, state == .read ? now : nil])
            guard let entry = try Self.find(database, bookID: bookID, accountID: account.id) else {
                throw Problem.internalFault("The shelf cannot be read back.")
            }
            return (entry, isNew)
        }
    }

    /// Takes a book off the shelf. False when it was not there.
    package func remove(_ bookID: Int, of account: Account) async throws -> Bool {
        try await storage.write {
            try $0.execute(
                sql: "DELETE FROM shelf WHERE account_id = ? AND work_id = ?", arguments: [account.id, bookID])
            return $0.changesCount == 1
        }
    }

    private static func find(_ database: Database, bookID: Int, accountID: Int) throws -> ShelfEntry? {
        try ShelfEntry.fetchOne(
            database,
            sql: """
                SELECT \(ShelfEntry.columns) FROM shelf JOIN work ON work.id = work_id
                WHERE account_id = ? AND work_id = ?
                """,
            arguments: [accountID, bookID])
    }
}
