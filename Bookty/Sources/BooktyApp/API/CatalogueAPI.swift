import Hummingbird

/// `/api/books`, `/api/subjects`, `/api/search`.
struct CatalogueAPI {
    let platform: Platform

    func add(to routes: inout Routes) {
        let platform = platform
        routes.get("/api/books") { request, _ in
            let page = try Self.page(request)
            let listing = try await platform.catalogue.books(subject: request.query("subject"), page: page)
            return .json(ListDocument(listing, item: BookDocument.init))
        }
        routes.get("/api/subjects") { _, _ in
            .json(try await platform.catalogue.subjects().map(CountDocument.init))
        }
        routes.get("/api/search") { request, _ in
            guard let text = request.query("q") else { throw Problem.malformed("Give the words to look for as ?q=…") }
            let page = try Self.page(request)
            let listing = try await platform.catalogue.search(SearchPhrase(text), page: page)
            return .json(ListDocument(listing, item: BookDocument.init))
        }
        routes.get("/api/books/:id") { _, context in
            let id = try context.number("id")
            guard let book = try await platform.catalogue.book(id) else { throw Problem.noBook(id) }
            let rating = try await platform.reviews.rating(of: id)
            let reviews = try await platform.reviews.reviews(of: id)
            return .json(
                BookDetailDocument(
                    book: BookDocument(book), reviewCount: rating.count, meanStars: rating.mean,
                    reviews: reviews.map(ReviewDocument.init)))
        }
    }

    private static func page(_ request: Request) throws(Problem) -> PageRequest {
        PageRequest(number: try request.number("page", default: 1), size: try request.number("size", default: 24))
    }
}

extension Problem {
    static func noBook(_ id: Int) -> Problem { .notFound("There is no book with the number \(id).") }
}
