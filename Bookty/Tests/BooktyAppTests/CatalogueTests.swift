import BooktyApp
import HTTPTypes
import Testing

@Suite("Catalogue and search")
struct CatalogueTests {
    @Test("The catalogue holds at least 200 works from before 1925, each told apart by title and author")
    func seed() async throws {
        let site = try Site("web-01", try DataFile())
        let page = PageRequest(number: 1, size: 100)
        let listing = try await Catalogue(storage: site.storage).books(subject: nil, page: page)
        #expect(listing.total >= 200)
        #expect(listing.items.allSatisfy { $0.year < 1925 && !$0.description.isEmpty && !$0.subjects.isEmpty })
    }

    @Test("Instances that start together on a new file fill it once")
    func togetherOnOneFile() async throws {
        let file = try DataFile()
        let sizes = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<3 {
                group.addTask { try await Catalogue(storage: try Storage.open(path: file.path)).size() }
            }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(Set(sizes).count == 1)
    }

    @Test(
        "Search finds words of a title without its accents, and the beginnings of words",
        arguments: [
            ("miserables", "Les Misérables"), ("whale", "Moby-Dick"), ("murasaki", "The Tale of Genji"),
            ("frankenst", "Frankenstein"),
        ])
    func finds(query: String, title: String) async throws {
        let site = try Site("web-01", try DataFile())
        #expect(try await site.send(.get, "/api/search?q=\(query)").text.contains(title))
    }

    @Test(
        "No query is an error of the server, however it is spelled",
        arguments: [
            "%22", "*", "a%22%20OR%20%22b", "NEAR(a", "%5Etitle:", "%00", "%FF%FE", "%27;DROP%20TABLE%20work", ")(",
            "-",
            "title:x", "%F0%9F%90%8B", "a%20AND%20NOT", "%25", "%", String(repeating: "x%20", count: 2_000),
        ])
    func hostileQueries(query: String) async throws {
        let site = try Site("web-01", try DataFile())
        #expect(try await site.send(.get, "/search?q=\(query)").status == 200)
        #expect(try await site.send(.get, "/api/search?q=\(query)").status < 500)
    }

    @Test("Pages of the catalogue follow one another without gap or repetition")
    func paging() async throws {
        let site = try Site("web-01", try DataFile())
        let catalogue = Catalogue(storage: site.storage)
        var seen: [Int] = []
        for number in 1...100 {
            let listing = try await catalogue.books(subject: nil, page: PageRequest(number: number, size: 50))
            seen += listing.items.map(\.id)
        }
        #expect(seen.count == Set(seen).count)
        #expect(seen.count == (try await catalogue.size()))
    }
}
