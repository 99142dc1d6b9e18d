import Hummingbird

/// `/api/shelf` and `/api/books/:id/review`: what a signed-in reader keeps.
struct ReadingAPI {
    private struct ShelfChange: Decodable {
        let state: String
    }

    private struct ReviewChange: Decodable {
        let stars: Int
        let body: String
    }

    let platform: Platform

    func add(to routes: inout Routes) {
        addShelf(to: &routes)
        addReviews(to: &routes)
    }

    private func addShelf(to routes: inout Routes) {
        let platform = platform
        routes.get("/api/shelf") { _, context in
            .json(try await platform.shelves.entries(of: try context.reader()).map(ShelfEntryDocument.init))
        }
        routes.get("/api/shelf/:id") { _, context in
            let entry = try await platform.shelves.entry(try context.number("id"), of: try context.reader())
            guard let entry else { throw Problem.notFound("This book is not on your shelf.") }
            return .json(ShelfEntryDocument(entry))
        }
        routes.put("/api/shelf/:id") { request, context in
            let reader = try context.reader()
            let id = try context.number("id")
            let state = try ReadingState(word: try await request.json(ShelfChange.self).state)
            let (entry, isNew) = try await platform.shelves.put(id, state: state, of: reader)
            return .json(ShelfEntryDocument(entry), status: isNew ? .created : .ok)
        }
        routes.delete("/api/shelf/:id") { _, context in
            guard try await platform.shelves.remove(try context.number("id"), of: try context.reader()) else {
                throw Problem.notFound("This book is not on your shelf.")
            }
            return .noContent
        }
    }

    private func addReviews(to routes: inout Routes) {
        let platform = platform
        routes.get("/api/books/:id/review") { _, context in
            let review = try await platform.reviews.review(of: try context.number("id"), by: try context.reader())
            guard let review else { throw Problem.notFound("You have not reviewed this book.") }
            return .json(ReviewDocument(review))
        }
        routes.put("/api/books/:id/review") { request, context in
            let reader = try context.reader()
            let id = try context.number("id")
            let change = try await request.json(ReviewChange.self)
            let draft = try ReviewDraft(stars: change.stars, body: change.body)
            let (review, isNew) = try await platform.reviews.put(draft, on: id, by: reader)
            return .json(ReviewDocument(review), status: isNew ? .created : .ok)
        }
        routes.delete("/api/books/:id/review") { _, context in
            guard try await platform.reviews.delete(on: try context.number("id"), by: try context.reader()) else {
                throw Problem.notFound("You have not reviewed this book.")
            }
            return .noContent
        }
    }
}
