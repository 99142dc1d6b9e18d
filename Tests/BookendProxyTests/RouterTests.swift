import BookendConfig
import BookendCore
import Testing

@testable import BookendProxy

@Suite("Routing")
struct RouterTests {
    private let routes: [Route]

    init() throws {
        let text = """
            listeners:
              - bind: 127.0.0.1:0
                routes:
                  - { host: bookty.example, path: /api, pool: a }
                  - { host: "*.bookty.example", pool: b }
                  - { path: /files/, pool: c }
            pools:
              a: { servers: { s: 127.0.0.1:9001 } }
              b: { servers: { s: 127.0.0.1:9001 } }
              c: { servers: { s: 127.0.0.1:9001 } }
            """
        let read = Configuration.parse(text: text, file: "test", environment: [:], isRoot: false)
        routes = try #require(read.configuration).listeners[0].routes
    }

    private func pool(_ host: String, _ path: String) -> Int? {
        Router.match(Array(host.utf8).span, Array(path.utf8).span, in: routes)?.pool.index
    }

    @Test(
        "The first route that matches host and path wins",
        arguments: [
            ("bookty.example", "/api", 0), ("BOOKTY.Example", "/api/books", 0), ("www.bookty.example", "/api", 1),
            ("a.b.bookty.example", "/", 1), ("other.example", "/files/x", 2), ("www.bookty.example", "/files/x", 1),
        ])
    func matches(host: String, path: String, expected: Int) {
        #expect(pool(host, path) == expected)
    }

    @Test(
        "What no route names goes nowhere: a path only by whole segments, a host only below its dot",
        arguments: [
            ("bookty.example", "/apiary"), ("bookty.example", "/"), ("evilbookty.example", "/"), ("", "/"),
            ("other.example", "/files"), ("bookty.example.evil", "/api"), ("other.example", ""),
        ])
    func misses(host: String, path: String) {
        #expect(pool(host, path) == nil)
    }
}
