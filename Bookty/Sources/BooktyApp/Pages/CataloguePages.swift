import Hummingbird

/// The front page, the catalogue, a book, and search.
struct CataloguePages {
    private static let perPage = 24

    let platform: Platform
    let renderer: PageRenderer

    func add(to routes: inout Routes) {
        routes.get("/") { _, context in try await home(context) }
        routes.get("/catalogue") { request, context in try await list(request, context) }
        routes.get("/search") { request, context in try await search(request, context) }
        routes.get("/books/:id") { _, context in try await book(try context.number("id"), context) }
    }

    private func home(_ context: BooktyContext) async throws -> Response {
        let day = Moment.now.seconds / 86_400
        let books = try await platform.catalogue.selection(day: day, limit: 12)
        let reviews = try await platform.reviews.latest(limit: 4)
        let subjects = try await platform.catalogue.subjects().prefix(14)
        return renderer.page(
            "home", title: "Bookty",
            [
                "books": books.map(PageValues.book),
                "reviews": reviews.map { PageValues.review($0, reader: context.session?.account) },
                "hasReviews": !reviews.isEmpty,
                "subjects": subjects.map(Self.subject),
                "size": try await platform.catalogue.size(),
            ], context: context)
    }

    private func list(_ request: Request, _ context: BooktyContext) async throws -> Response {
        let subject = request.query("subject")
        let page = Self.page(request)
        let listing = try await platform.catalogue.books(subject: subject, page: page)
        guard listing.total > 0 else { throw Problem.notFound("There are no books on this subject.") }
        guard page.number <= listing.pageCount else { throw Problem.notFound("The catalogue has no such page.") }
        let path = subject.map { "/catalogue?subject=\(Link.encode($0))&" } ?? "/catalogue?"
        var values: PageRenderer.Values = [
            "books": listing.items.map(PageValues.book), "total": listing.total,
            "subjects": try await platform.catalogue.subjects().map(Self.subject),
            "pager": PageValues.pager(listing, path: path),
        ]
        values["subject"] = subject
        let title = subject.map { "Catalogue: \($0)" } ?? "Catalogue"
        return renderer.page("catalogue", title: title, values, context: context)
    }

    private func search(_ request: Request, _ context: BooktyContext) async throws -> Response {
        let text = request.query("q") ?? ""
        let phrase = SearchPhrase(text)
        let listing = try await platform.catalogue.search(phrase, page: Self.page(request))
        return renderer.page(
            "search", title: text.isEmpty ? "Search" : "Search: \(text)",
            [
                "q": text, "hasWords": !phrase.words.isEmpty, "total": listing.total, "isOne": listing.total == 1,
                "hasResults": listing.total > 0, "books": listing.items.map(PageValues.book),
                "pager": PageValues.pager(listing, path: "/search?q=\(Link.encode(text))&"),
            ], context: context)
    }

    private func book(_ id: Int, _ context: BooktyContext) async throws -> Response {
        guard let book = try await platform.catalogue.book(id) else { throw Problem.noBook(id) }
        return try await BookPage(platform: platform, renderer: renderer, book: book).response(context)
    }

    /// A page number that is no number means the first page: a visitor gains nothing from an error there.
    private static func page(_ request: Request) -> PageRequest {
        PageRequest(number: request.query("page").flatMap { Int($0) } ?? 1, size: perPage)
    }

    private static func subject(_ count: Count) -> PageRenderer.Values {
        ["name": count.name, "count": count.count, "link": Link.encode(count.name)]
    }
}
