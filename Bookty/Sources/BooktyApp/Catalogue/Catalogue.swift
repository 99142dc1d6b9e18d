import GRDB

/// Reads the catalogue.
package struct Catalogue: Sendable {
    let storage: Storage

    package init(storage: Storage) {
        self.storage = storage
    }

    /// The book, or nil when there is none with this number.
    package func book(_ id: Int) async throws -> Book? {
        try await storage.read {
            try Book.fetchOne($0, sql: "SELECT \(Book.columns) FROM work WHERE id = ?", arguments: [id])
        }
    }

    /// One page of the catalogue, earliest work first, optionally only one subject.
    package func books(subject: String?, page: PageRequest) async throws -> Listing<Book> {
        try await storage.read { database in
            let filter = subject == nil ? "" : "JOIN work_subject ON work_id = work.id AND subject = ?"
            let arguments = StatementArguments(subject.map { [$0] } ?? [])
            let total = try Int.fetchOne(database, sql: "SELECT count(*) FROM work \(filter)", arguments: arguments)
            let books = try Book.fetchAll(
                database,
                sql: "SELECT \(Book.columns) FROM work \(filter) ORDER BY year, work.id LIMIT ? OFFSET ?",
                arguments: arguments + [page.size, page.offset])
            return Listing(items: books, total: total ?? 0, page: page)
        }
    }

    /// All subjects with the number of works in each, the largest first.
    package func subjects() async throws -> [Count] {
        try await storage.read {
            try Count.fetchAll(
                $0, sql: "SELECT subject AS name, count(*) AS count FROM work_subject GROUP BY 1 ORDER BY 2 DESC, 1")
        }
    }

    /// Some books by the same author or, failing that, with the same subjects.
    package func related(to book: Book, limit: Int) async throws -> [Book] {
        try await storage.read {
            try Book.fetchAll(
                $0,
                sql: """
                    SELECT \(Book.columns), sum(1) + (work.author = ? AND work.author != 'Anonymous') * 100 AS nearness
                    FROM work JOIN work_subject ON work_id = work.id
                    WHERE work.id != ? AND subject IN (SELECT subject FROM work_subject WHERE work_id = ?)
                    GROUP BY work.id ORDER BY nearness DESC, abs(work.year - ?), work.id LIMIT ?
                    """,
                arguments: [book.author, book.id, book.id, book.year, limit])
        }
    }

    /// Books for the front page: another selection each day, the same for every visitor and on every instance.
    package func selection(day: Int, limit: Int) async throws -> [Book] {
        try await storage.read {
            try Book.fetchAll(
                $0,
                sql: "SELECT \(Book.columns) FROM work ORDER BY (id * 7919 + ? * 104729) % 1009, id LIMIT ?",
                arguments: [day, limit])
        }
    }

    /// The number of works.
    package func size() async throws -> Int {
        try await storage.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM work") ?? 0 }
    }
}
