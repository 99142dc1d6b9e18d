import Hummingbird

/// `/api/reports/:year`.
struct ReportAPI {
    let platform: Platform

    func add(to routes: inout Routes) {
        let platform = platform
        routes.get("/api/reports/:year") { _, context in
            let year = try context.reportYear()
            return .json(YearReportDocument(try await platform.reports.report(year)))
        }
    }
}

extension BooktyContext {
    /// The year in the path, 1970 to 9999. Throws `Problem.notFound`.
    func reportYear() throws(Problem) -> Int {
        let year = try number("year")
        guard (1970...9999).contains(year) else { throw .notFound("There are reports for the years from 1970.") }
        return year
    }
}

struct YearReportDocument: Encodable {
    let year: Int
    /// Books marked as read in the year, by all readers together.
    let booksRead: Int
    let booksAdded: Int
    let reviewsWritten: Int
    let meanStars: Double?
    /// Books read in each month, January first.
    let readByMonth: [Int]
    let mostRead: [CountDocument]
    let subjects: [CountDocument]
    let languages: [CountDocument]

    init(_ report: YearReport) {
        year = report.year
        booksRead = report.figures.read
        booksAdded = report.figures.added
        reviewsWritten = report.figures.reviews
        meanStars = report.figures.meanStars
        readByMonth = report.months
        mostRead = report.mostRead.map(CountDocument.init)
        subjects = report.subjects.map(CountDocument.init)
        languages = report.languages.map(CountDocument.init)
    }
}
