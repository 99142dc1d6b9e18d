package import GRDB

/// How far a reader is with a book.
package enum ReadingState: String, Sendable, CaseIterable {
    case toRead = "to-read"
    case reading
    case read

    /// As a heading: `To read`.
    var label: String {
        switch self {
        case .toRead: "To read"
        case .reading: "Reading"
        case .read: "Read"
        }
    }

    /// Throws `Problem.invalid` for any other word.
    init(word: String) throws(Problem) {
        guard let state = ReadingState(rawValue: word) else {
            let words = Self.allCases.map { "“\($0.rawValue)”" }.joined(separator: ", ")
            throw .invalid("“state” is one of \(words).")
        }
        self = state
    }
}

/// A book on a reader's shelf.
package struct ShelfEntry: Sendable {
    package let book: Book
    package let state: ReadingState
    let addedAt: Moment
    /// When it was marked as read; nil otherwise.
    let readAt: Moment?
}

extension ShelfEntry: FetchableRecord {
    static let columns = "\(Book.columns), shelf.state, shelf.added_at, shelf.read_at"

    package init(row: Row) throws {
        book = try Book(row: row)
        state = ReadingState(rawValue: row["state"]) ?? .toRead
        addedAt = Moment(seconds: row["added_at"])
        readAt = (row["read_at"] as Int?).map(Moment.init(seconds:))
    }
}
