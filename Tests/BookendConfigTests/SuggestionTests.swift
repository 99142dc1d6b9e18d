import Testing

@testable import BookendConfig

@Suite("Did you mean")
struct SuggestionTests {
    @Test(
        "The nearest name is suggested, and none when nothing is near",
        arguments: [
            ("timeout", "timeouts"), ("Timeouts", "timeouts"), ("trusted_proxies", "trusted-proxies"),
            ("trustedProxies", "trusted-proxies"), ("limtis", "limits"), ("ruotes", "routes"), ("pol", "pool"),
            ("bnid", "bind"), ("certificate", nil), ("x", nil), ("", nil), (String(repeating: "a", count: 5_000), nil),
        ] as [(String, String?)])
    func nearest(_ word: String, _ meant: String?) {
        #expect(Suggestion.nearest(to: word, among: Section.listener.keys) == meant)
    }

    @Test(
        "Distance counts inserted, deleted, replaced and swapped letters",
        arguments: [
            ("", "", 0), ("", "abc", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("kitten", "sitting", 3),
            ("ca", "abc", 3),
        ])
    func distance(_ left: String, _ right: String, _ expected: Int) {
        #expect(Suggestion.distance(Array(left), Array(right)) == expected)
        #expect(Suggestion.distance(Array(right), Array(left)) == expected)
    }
}
