import HTTPTypes
import Hummingbird

/// One book: what it is, the visitor's shelf and review, and everybody's reviews.
struct BookPage {
    let platform: Platform
    let renderer: PageRenderer
    let book: Book

    /// - Parameters:
    ///   - draft: What the visitor typed, when a review was refused.
    ///   - message: Why it was refused.
    func response(
        _ context: BooktyContext, draft: (stars: Int, body: String)? = nil, message: String? = nil
    ) async throws -> Response {
        let reader = context.session?.account
        let rating = try await platform.reviews.rating(of: book.id)
        let reviews = try await platform.reviews.reviews(of: book.id)
        var values = PageValues.book(book)
        values["reviews"] = reviews.map { PageValues.review($0, reader: reader) }
        values["reviewCount"] = rating.count
        values["isOneReview"] = rating.count == 1
        values["hasReviews"] = rating.count > 0
        values["mean"] = rating.mean.map { ($0 * 10).rounded() / 10 }
        values["related"] = try await platform.catalogue.related(to: book, limit: 6).map(PageValues.book)
        values["message"] = message
        values["path"] = "/books/\(book.id)"
        if let reader {
            let entry = try await platform.shelves.entry(book.id, of: reader)
            values["shelf"] = ReadingState.allCases.map {
                ["state": $0.rawValue, "label": $0.label, "isCurrent": entry?.state == $0] as PageRenderer.Values
            }
            values["onShelf"] = entry != nil
            let own = try await platform.reviews.review(of: book.id, by: reader)
            values["hasOwn"] = own != nil
            let shown = draft ?? own.map { ($0.stars, $0.body) }
            values["draft"] = shown?.body ?? ""
            let chosen = shown?.stars ?? 4
            values["choices"] = (1...5).reversed().map {
                ["stars": $0, "label": PageValues.stars($0), "isChosen": $0 == chosen] as PageRenderer.Values
            }
        }
        let status: HTTPResponse.Status = message == nil ? .ok : .unprocessableContent
        return renderer.page("book", title: "\(book.title) by \(book.author)", values, context: context, status: status)
    }
}
