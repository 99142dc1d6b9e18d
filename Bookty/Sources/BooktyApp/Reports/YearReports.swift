import GRDB

/// Gathers the figures of a year, one read of the database per part.
package struct YearReports: Sendable {
    private static let longestList = 8

    let storage: Storage

    package init(storage: Storage) {
        self.storage = storage
    }

    /// The whole report but the spines, which only the poster shows.
    package func report(_ year: Int) async throws -> YearReport {
        var report = YearReport(year: year)
        report.figures = try await figures(year)
        report.months = try await months(year)
        report.mostRead = try await mostRead(year)
        report.subjects = try await subjects(year)
        report.languages = try await languages(year)
        return report
    }

    package func figures(_ year: Int) async throws -> YearReport.Figures {
        let span = Moment.range(of: year)
        return try await storage.read { database in
            let between: StatementArguments = [span.lowerBound, span.upperBound]
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT
                        (SELECT count(*) FROM shelf WHERE read_at >= ?1 AND read_at < ?2) AS read,
                        (SELECT count(DISTINCT account_id) FROM shelf WHERE read_at >= ?1 AND read_at < ?2) AS readers,
                        (SELECT count(*) FROM shelf WHERE added_at >= ?1 AND added_at < ?2) AS added,
                        (SELECT count(*) FROM review WHERE created_at >= ?1 AND created_at < ?2) AS reviews,
                        (SELECT avg(stars) FROM review WHERE created_at >= ?1 AND created_at < ?2) AS stars
                    """,
                arguments: between)
            guard let row else { return YearReport.Figures() }
            return YearReport.Figures(
                read: row["read"], added: row["added"], reviews: row["reviews"], readers: row["readers"],
                meanStars: row["stars"])
        }
    }

    package func months(_ year: Int) async throws -> [Int] {
        let counts = try await counts(
            year,
            """
            SELECT strftime('%m', read_at, 'unixepoch') AS name, count(*) AS count FROM shelf
            WHERE read_at >= ? AND read_at < ? GROUP BY 1 ORDER BY 1 LIMIT ?
            """, limit: 12)
        var months = [Int](repeating: 0, count: 12)
        for count in counts {
            guard let month = Int(count.name), (1...12).contains(month) else { continue }
            months[month - 1] = count.count
        }
        return months
    }

    package func mostRead(_ year: Int) async throws -> [Count] {
        try await counts(
            year,
            """
            SELECT work.title AS name, count(*) AS count FROM shelf JOIN work ON work.id = work_id
            WHERE read_at >= ? AND read_at < ? GROUP BY work.id ORDER BY 2 DESC, work.id LIMIT ?
            """, limit: Self.longestList)
    }

    package func subjects(_ year: Int) async throws -> [Count] {
        try await counts(
            year,
            """
            SELECT subject AS name, count(*) AS count FROM shelf JOIN work_subject USING (work_id)
            WHERE read_at >= ? AND read_at < ? GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?
            """, limit: Self.longestList)
    }

    package func languages(_ year: Int) async throws -> [Count] {
        try await counts(
            year,
            """
            SELECT work.language AS name, count(*) AS count FROM shelf JOIN work ON work.id = work_id
            WHERE read_at >= ? AND read_at < ? GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?
            """, limit: Self.longestList)
    }

    package func spines(_ year: Int) async throws -> [YearReport.Spine] {
        let span = Moment.range(of: year)
        return try await storage.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT title, year, (SELECT count(*) FROM shelf
                        WHERE work_id = work.id AND read_at >= ? AND read_at < ?) AS reads
                    FROM work ORDER BY year, id
                    """,
                arguments: [span.lowerBound, span.upperBound])
            return rows.map { YearReport.Spine(title: $0["title"], year: $0["year"], reads: $0["reads"]) }
        }
    }

    private func counts(_ year: Int, _ sql: String, limit: Int) async throws -> [Count] {
        let span = Moment.range(of: year)
        return try await storage.read {
            try Count.fetchAll($0, sql: sql, arguments: [span.lowerBound, span.upperBound, limit])
        }
    }
}
