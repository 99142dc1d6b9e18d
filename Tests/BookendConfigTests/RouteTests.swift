import Testing

@testable import BookendConfig

@Suite("Which route hides another")
struct RouteTests {
    @Test(
        "A path covers itself and everything below it, by whole segments",
        arguments: [
            ("/", "/", true), ("/", "/a", true), ("/api", "/api", true), ("/api", "/api/", true),
            ("/api", "/api/v1", true),
            ("/api", "/apiary", false), ("/api/", "/api", false), ("/api/", "/api/v1", true), ("/a", "/", false),
        ])
    func paths(_ wide: String, _ narrow: String, _ expected: Bool) {
        #expect(
            PathPrefix.covers(PathPrefix(bytes: Array(wide.utf8)), PathPrefix(bytes: Array(narrow.utf8))) == expected)
    }

    @Test("No path is the same as /")
    func noPath() {
        #expect(PathPrefix.covers(nil, PathPrefix(bytes: Array("/".utf8))))
        #expect(PathPrefix.covers(PathPrefix(bytes: Array("/".utf8)), nil))
        #expect(!PathPrefix.covers(PathPrefix(bytes: Array("/a".utf8)), nil))
    }

    @Test("A wildcard covers the hosts below it, not the bare one")
    func hosts() {
        let wildcard = HostPattern.anyUnder(suffix: Array(".bookty.example".utf8))
        let below = HostPattern.anyUnder(suffix: Array(".api.bookty.example".utf8))
        #expect(HostPattern.covers(wildcard, .exact(Array("a.bookty.example".utf8))))
        #expect(!HostPattern.covers(wildcard, .exact(Array("bookty.example".utf8))))
        #expect(!HostPattern.covers(wildcard, .exact(Array(".bookty.example".utf8))))
        #expect(HostPattern.covers(wildcard, below))
        #expect(!HostPattern.covers(below, wildcard))
        #expect(!HostPattern.covers(.exact(Array("a.bookty.example".utf8)), wildcard))
        #expect(HostPattern.covers(nil, wildcard))
        #expect(!HostPattern.covers(wildcard, nil))
    }
}
