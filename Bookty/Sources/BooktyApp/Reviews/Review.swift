import Foundation
package import GRDB

/// What a reader thinks of a book. There is at most one per reader and book.
package struct Review: Sendable, Equatable {
    package let bookID: Int
    package let bookTitle: String
    package let accountID: Int
    package let author: String
    /// 1 to 5.
    package let stars: Int
    package let body: String
    let createdAt: Moment
    let updatedAt: Moment
}

extension Review: FetchableRecord {
    static let columns = """
        review.work_id, work.title, review.account_id, account.name, review.stars, review.body, review.created_at,
        review.updated_at
        """

    static let tables = "review JOIN account ON account.id = review.account_id JOIN work ON work.id = review.work_id"

    package init(row: Row) throws {
        bookID = row["work_id"]
        bookTitle = row["title"]
        accountID = row["account_id"]
        author = row["name"]
        stars = row["stars"]
        body = row["body"]
        createdAt = Moment(seconds: row["created_at"])
        updatedAt = Moment(seconds: row["updated_at"])
    }
}

/// A review's text and stars as a reader sends them, checked.
package struct ReviewDraft: Sendable {
    static let longestBody = 5_000

    let stars: Int
    let body: String

    /// Throws `Problem.invalid` with the rule that is broken.
    package init(stars: Int, body: String) throws(Problem) {
        let text = body.replacing("\r\n", with: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
        guard (1...5).contains(stars) else { throw .invalid("Give 1 to 5 stars.") }
        guard !text.isEmpty else { throw .invalid("Write at least a word about the book.") }
        guard text.unicodeScalars.count <= Self.longestBody else {
            throw .invalid("A review has at most \(Self.longestBody) characters.")
        }
        guard !text.utf8.contains(0) else { throw .invalid("A review cannot contain a zero byte.") }
        self.stars = stars
        self.body = text
    }
}
