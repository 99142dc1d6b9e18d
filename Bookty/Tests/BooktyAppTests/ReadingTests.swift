import HTTPTypes
import Testing

@Suite("Shelf and reviews")
struct ReadingTests {
    @Test("A reader has one review per book, and can change and delete it")
    func oneReview() async throws {
        let site = try Site("web-01", try DataFile())
        let session = try await site.signUp("ada")
        let path = "/api/books/3/review"
        #expect(try await site.json(.put, path, #"{"stars":2,"body":"Long."}"#, session: session).status == 201)
        #expect(try await site.json(.put, path, #"{"stars":5,"body":"Splendid."}"#, session: session).status == 200)
        let book = try await site.send(.get, "/api/books/3").text
        #expect(book.contains(#""reviewCount":1"#))
        #expect(book.contains("Splendid.") && !book.contains("Long."))
        #expect(try await site.json(.delete, path, "", session: session).status == 204)
        #expect(try await site.json(.delete, path, "", session: session).status == 404)
    }

    @Test("Markup in a review is shown as text")
    func escaping() async throws {
        let site = try Site("web-01", try DataFile())
        let session = try await site.signUp("ada")
        let body = #"{"stars":5,"body":"<script>alert(1)</script> \"quoted\" & more"}"#
        #expect(try await site.json(.put, "/api/books/3/review", body, session: session).status == 201)
        for path in ["/", "/books/3"] {
            let page = try await site.send(.get, path).text
            #expect(page.contains("&lt;script&gt;"))
            #expect(!page.contains("<script>"))
        }
    }

    @Test("A book goes on the shelf, changes its state and comes off again")
    func shelf() async throws {
        let site = try Site("web-01", try DataFile())
        let session = try await site.signUp("ada")
        #expect(try await site.json(.put, "/api/shelf/3", #"{"state":"to-read"}"#, session: session).status == 201)
        let read = try await site.json(.put, "/api/shelf/3", #"{"state":"read"}"#, session: session)
        #expect(read.status == 200 && read.text.contains("readAt"))
        #expect(try await site.json(.put, "/api/shelf/3", #"{"state":"eaten"}"#, session: session).status == 422)
        #expect(try await site.json(.put, "/api/shelf/99999", #"{"state":"read"}"#, session: session).status == 404)
        #expect(try await site.json(.delete, "/api/shelf/3", "", session: session).status == 204)
        #expect(try await site.json(.get, "/api/shelf", "", session: session).text == "[]\n")
    }

    @Test("One reader's shelf and reviews cannot be touched by another or by a visitor")
    func ownership() async throws {
        let site = try Site("web-01", try DataFile())
        let (ada, bob) = (try await site.signUp("ada"), try await site.signUp("bob"))
        _ = try await site.json(.put, "/api/books/3/review", #"{"stars":5,"body":"Mine."}"#, session: ada)
        #expect(try await site.json(.delete, "/api/books/3/review", "", session: bob).status == 404)
        #expect(try await site.json(.delete, "/api/books/3/review", "").status == 401)
        #expect(try await site.send(.get, "/api/books/3").text.contains("Mine."))
    }
}
