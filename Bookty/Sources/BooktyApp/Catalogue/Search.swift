import GRDB

extension Catalogue {
    /// Full-text search, best match first: a word in the title weighs more than one in the author's name, and both
    /// more than one in the description.
    package func search(_ phrase: SearchPhrase, page: PageRequest) async throws -> Listing<Book> {
        guard let expression = phrase.expression else { return Listing(items: [], total: 0, page: page) }
        return try await storage.read { database in
            let total = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM work_text WHERE work_text MATCH ?", arguments: [expression])
            let books = try Book.fetchAll(
                database,
                sql: """
                    SELECT \(Book.columns) FROM work_text JOIN work ON work.id = work_text.rowid
                    WHERE work_text MATCH ? ORDER BY bm25(work_text, 10, 8, 4, 3, 3, 1), work.id LIMIT ? OFFSET ?
                    """,
                arguments: [expression, page.size, page.offset])
            return Listing(items: books, total: total ?? 0, page: page)
        }
    }
}
