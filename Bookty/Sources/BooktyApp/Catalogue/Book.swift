import Foundation
package import GRDB

/// One work of the catalogue.
package struct Book: Sendable, Identifiable, Equatable {
    package let id: Int
    package let title: String
    package let author: String
    /// Negative before the common era.
    package let year: Int
    package let isApproximate: Bool
    package let language: String
    package let country: String
    package let subjects: [String]
    package let description: String

    /// `1851`, `about 1300`, `44 BCE`.
    package var yearText: String {
        let number = year < 0 ? "\(-year) BCE" : year < 600 ? "\(year) CE" : "\(year)"
        return isApproximate ? "about \(number)" : number
    }
}

extension Book: FetchableRecord {
    /// The columns a query must name, with the table called `work`.
    static let columns = """
        work.id, work.title, work.author, work.year, work.approximate, work.language, work.country, work.subjects,
        work.description
        """

    package init(row: Row) throws {
        id = row["id"]
        title = row["title"]
        author = row["author"]
        year = row["year"]
        isApproximate = row["approximate"]
        language = row["language"]
        country = row["country"]
        subjects = (row["subjects"] as String).components(separatedBy: ", ")
        description = row["description"]
    }
}
