import Hummingbird

/// The shelf, and the forms on a book's page.
struct ReadingPages {
    let platform: Platform
    let renderer: PageRenderer

    func add(to routes: inout Routes) {
        routes.get("/shelf") { _, context in try await shelf(context) }
        routes.post("/books/:id/shelf") { request, context in try await place(request, context) }
        routes.post("/books/:id/review") { request, context in try await review(request, context) }
        routes.post("/books/:id/review/delete") { request, context in
            _ = try await request.form(context)
            let id = try context.number("id")
            _ = try await platform.reviews.delete(on: id, by: try context.reader())
            return .seeOther("/books/\(id)#reviews")
        }
    }

    private func shelf(_ context: BooktyContext) async throws -> Response {
        guard let reader = context.session?.account else { return .seeOther("/sign-in?next=/shelf") }
        let entries = try await platform.shelves.entries(of: reader)
        let groups = [ReadingState.reading, .toRead, .read].compactMap { state -> PageRenderer.Values? in
            let books = entries.filter { $0.state == state }
            guard !books.isEmpty else { return nil }
            return ["label": state.label, "count": books.count, "entries": books.map(PageValues.entry)]
        }
        return renderer.page(
            "shelf", title: "Your shelf", ["groups": groups, "isEmpty": groups.isEmpty], context: context)
    }

    /// `state` is one of the reading states, or `none` to take the book off the shelf.
    private func place(_ request: Request, _ context: BooktyContext) async throws -> Response {
        let form = try await request.form(context)
        let id = try context.number("id")
        guard let reader = context.session?.account else { return .seeOther("/sign-in?next=/books/\(id)") }
        if form["state"] == "none" {
            _ = try await platform.shelves.remove(id, of: reader)
        } else {
            _ = try await platform.shelves.put(id, state: try ReadingState(word: form["state"] ?? ""), of: reader)
        }
        return .seeOther(Link.local(form["next"] ?? "/books/\(id)"))
    }

    private func review(_ request: Request, _ context: BooktyContext) async throws -> Response {
        let form = try await request.form(context)
        let id = try context.number("id")
        guard let reader = context.session?.account else { return .seeOther("/sign-in?next=/books/\(id)") }
        guard let book = try await platform.catalogue.book(id) else { throw Problem.noBook(id) }
        let typed = (stars: Int(form["stars"] ?? "") ?? 0, body: form["body"] ?? "")
        do {
            let draft = try ReviewDraft(stars: typed.stars, body: typed.body)
            _ = try await platform.reviews.put(draft, on: id, by: reader)
        } catch let problem as Problem where problem.status == .unprocessableContent {
            let page = BookPage(platform: platform, renderer: renderer, book: book)
            return try await page.response(context, draft: typed, message: problem.detail)
        }
        return .seeOther("/books/\(id)#reviews")
    }
}
