import GRDB

/// Reads and writes reviews.
package struct Reviews: Sendable {
    /// Reviews shown on a book's page.
    static let mostPerBook = 50

    let storage: Storage

    package init(storage: Storage) {
        self.storage = storage
    }

    /// The latest reviews of a book, newest first.
    package func reviews(of bookID: Int) async throws -> [Review] {
        try await storage.read {
            try Review.fetchAll(
                $0,
                sql: """
                    SELECT \(Review.columns) FROM \(Review.tables) WHERE review.work_id = ?
                    ORDER BY review.updated_at DESC, review.account_id LIMIT ?
                    """,
                arguments: [bookID, Self.mostPerBook])
        }
    }

    /// The latest reviews of all books, newest first.
    package func latest(limit: Int) async throws -> [Review] {
        try await storage.read {
            try Review.fetchAll(
                $0,
                sql: """
                    SELECT \(Review.columns) FROM \(Review.tables)
                    ORDER BY review.updated_at DESC, review.work_id LIMIT ?
                    """,
                arguments: [limit])
        }
    }

    /// A reader's own review of a book.
    package func review(of bookID: Int, by account: Account) async throws -> Review? {
        try await storage.read { try Self.find($0, bookID: bookID, accountID: account.id) }
    }

    /// The number of reviews of a book and the mean of their stars, nil without reviews.
    package func rating(of bookID: Int) async throws -> (count: Int, mean: Double?) {
        try await storage.read {
            let sql = "SELECT count(*) AS count, avg(stars) AS mean FROM review WHERE work_id = ?"
            guard let row = try Row.fetchOne($0, sql: sql, arguments: [bookID]) else { return (0, nil) }
            return (row["count"], row["mean"])
        }
    }

    /// Writes a review or replaces the reader's earlier one. The second value is true when it is new. Throws
    /// `Problem.notFound` when there is no such book.
    package func put(_ draft: ReviewDraft, on bookID: Int, by account: Account) async throws -> (Review, Bool) {
        try await storage.write { database in
            try Book.requireExistence(of: bookID, in: database)
            let isNew = try Self.find(database, bookID: bookID, accountID: account.id) == nil
            let now = Moment.now.seconds
            try database.execute(
                sql: """
                    INSERT INTO review (work_id, account_id, stars, body, created_at, updated_at)
                    VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET stars = excluded.stars, body = excluded.body,
                        updated_at = excluded.updated_at
                    """,
                arguments: [bookID, account.id, draft.stars, draft.body, now, now])
            guard let review = try Self.find(database, bookID: bookID, accountID: account.id) else {
                throw Problem.internalFault("The review cannot be read back.")
            }
            return (review, isNew)
        }
    }

    /// Removes a reader's own review. False when there was none.
    package func delete(on bookID: Int, by account: Account) async throws -> Bool {
        try await storage.write {
            try $0.execute(
                sql: "DELETE FROM review WHERE work_id = ? AND account_id = ?", arguments: [bookID, account.id])
            return $0.changesCount == 1
        }
    }

    private static func find(_ database: Database, bookID: Int, accountID: Int) throws -> Review? {
        try Review.fetchOne(
            database,
            sql: "SELECT \(Review.columns) FROM \(Review.tables) WHERE work_id = ? AND account_id = ?",
            arguments: [bookID, accountID])
    }
}

extension Book {
    /// Throws `Problem.notFound` when there is no such book.
    static func requireExistence(of id: Int, in database: Database) throws {
        guard try Int.fetchOne(database, sql: "SELECT 1 FROM work WHERE id = ?", arguments: [id]) != nil else {
            throw Problem.notFound("There is no book with the number \(id).")
        }
    }
}
