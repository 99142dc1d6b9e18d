import Foundation

/// What templates show of a book, a review, a shelf entry.
enum PageValues {
    /// The style sheet has this many kinds of cover.
    private static let covers = 12

    static func book(_ book: Book) -> PageRenderer.Values {
        [
            "id": book.id, "title": book.title, "author": book.author, "year": book.yearText,
            "language": book.language, "country": book.country, "description": book.description,
            "subjects": book.subjects.map { ["name": $0, "link": Link.encode($0)] },
            "cover": (book.id * 7 + book.year.magnitudeInt) % covers,
            "pattern": (book.id * 5) % 4,
        ]
    }

    static func review(_ review: Review, reader: Account?) -> PageRenderer.Values {
        [
            "bookID": review.bookID, "bookTitle": review.bookTitle, "by": review.author, "day": review.updatedAt.day,
            "stars": stars(review.stars), "starCount": review.stars,
            "paragraphs": paragraphs(review.body), "isOwn": review.accountID == reader?.id,
        ]
    }

    static func entry(_ entry: ShelfEntry) -> PageRenderer.Values {
        var values = book(entry.book)
        values["added"] = entry.addedAt.day
        values["finished"] = entry.readAt?.day
        values["isToRead"] = entry.state == .toRead
        values["isReading"] = entry.state == .reading
        values["isRead"] = entry.state == .read
        return values
    }

    static func stars(_ count: Int) -> String {
        String(repeating: "★", count: count) + String(repeating: "☆", count: 5 - count)
    }

    /// Text split at empty lines.
    static func paragraphs(_ text: String) -> [String] {
        text.components(separatedBy: "\n\n")
            .map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
            .filter { !$0.isEmpty }
    }

    /// Links to the pages before and after; `path` ends in `?` or `&`.
    static func pager<Item>(_ listing: Listing<Item>, path: String) -> PageRenderer.Values {
        let number = listing.page.number
        let pages = listing.pageCount
        var values: PageRenderer.Values = ["page": number, "pages": pages, "hasMany": pages > 1]
        if number > 1 { values["previous"] = "\(path)page=\(number - 1)" }
        if number < pages { values["next"] = "\(path)page=\(number + 1)" }
        return values
    }
}

/// Addresses within Bookty.
enum Link {
    /// Text for a query's value.
    static func encode(_ text: String) -> String {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
    }

    /// `path` if it leads to a page of Bookty, otherwise the front page: a link must not lead a signed-in visitor to
    /// another site.
    static func local(_ path: String?) -> String {
        guard let path, path.hasPrefix("/"), !path.hasPrefix("//"), !path.contains("\\"), path.utf8.count <= 500,
            path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { return "/" }
        return path
    }
}

extension Int {
    fileprivate var magnitudeInt: Int { Int(clamping: magnitude) }
}
