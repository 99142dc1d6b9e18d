import BooktyAssets
import GRDB

/// Fills an empty catalogue with the works that come with Bookty. Readers, shelves and reviews start empty.
enum Seed {
    static func fill(_ database: Database) throws {
        guard try Int.fetchOne(database, sql: "SELECT 1 FROM work LIMIT 1") == nil else { return }
        for work in SeedWork.all(in: Assets.works) {
            try insert(work, into: database)
        }
        try database.execute(sql: "INSERT INTO work_text (work_text) VALUES ('rebuild')")
    }

    private static func insert(_ work: SeedWork, into database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO work (title, author, year, approximate, language, country, subjects, description)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                work.title, work.author, work.year, work.isApproximate, work.language, work.country,
                work.subjects.joined(separator: ", "), work.description,
            ])
        let id = database.lastInsertedRowID
        for subject in work.subjects {
            try database.execute(sql: "INSERT INTO work_subject VALUES (?, ?)", arguments: [subject, id])
        }
    }
}
