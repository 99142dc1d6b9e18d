import BookendConfig
import BookendCore
import Testing

/// Whatever a file holds, it is read or refused in bounded time, never trapped on.
@Suite("Hostile files")
struct HostileTests {
    private func check(_ text: String, _ comment: Comment) {
        let (configuration, diagnostics) = Configuration.parse(
            text: text, file: "hostile.yaml", environment: GoldenFile.environment, isRoot: true)
        #expect((configuration == nil) == diagnostics.contains { $0.severity == .error }, comment)
        _ = diagnostics.rendered(color: true)
        guard let configuration else { return }
        let printed = configuration.effectiveYAML()
        let again = Configuration.parse(text: printed, file: "again", environment: [:], isRoot: true)
        #expect(again.configuration == configuration, comment)
    }

    /// To replay a failure: the seed is the argument of the failing case.
    @Test("Random changes to golden files", arguments: 0..<24 as Range<UInt64>)
    func mutations(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let files = GoldenFile.all(in: "good") + GoldenFile.all(in: "bad").filter { !$0.name.contains("laughs") }
        let texts = try files.map { Array(try $0.text().unicodeScalars.prefix(2_000)) }
        for round in 0..<60 {
            var scalars = texts[Int.random(in: 0..<texts.count, using: &random)]
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                mutate(&scalars, texts, &random)
            }
            check(String(String.UnicodeScalarView(scalars)), "seed \(seed), round \(round)")
        }
    }

    private static let signs = Array(
        "\t\n\r :-?,[]{}#&*!|>'\"%@`$~<=\\0/.\u{0}\u{85}\u{E000}\u{F0000}é名😀".unicodeScalars)

    private func mutate(
        _ scalars: inout [Unicode.Scalar], _ texts: [[Unicode.Scalar]], _ random: inout SeededRandom
    ) {
        let place = Int.random(in: 0...scalars.count, using: &random)
        let end = min(scalars.count, place + Int.random(in: 0..<12, using: &random))
        switch Int.random(in: 0..<5, using: &random) {
        case 0: scalars.removeSubrange(place..<end)
        case 1: scalars.insert(contentsOf: scalars[place..<end], at: place)
        case 2: scalars.insert(Self.signs.randomElement(using: &random) ?? " ", at: place)
        case 3 where place < scalars.count: scalars[place] = Self.signs.randomElement(using: &random) ?? " "
        default:
            let other = texts[Int.random(in: 0..<texts.count, using: &random)]
            let start = Int.random(in: 0...other.count, using: &random)
            scalars.insert(contentsOf: other[start..<min(other.count, start + 40)], at: place)
        }
    }

    @Test("Files as large as they may be", .timeLimit(.minutes(1)))
    func large() {
        let size = 1_000_000
        func filled(_ text: String) -> String { String(repeating: text, count: size / text.utf8.count) }
        check(filled("["), "open brackets")
        check("x: [" + filled("1,") + "]", "a long list")
        check("listen: " + filled("a"), "a long value")
        check(filled("a") + ": 1", "a long name")
        check(filled("- "), "nested lists")
        check(filled("{a: "), "nested mappings")
        check(filled("# \n"), "comments")
        check("listen: \"" + filled("${A}") + "\"", "many variables")
        check(filled("&a "), "anchors")
        check("a: &a 1\nb: [" + filled("*a, ") + "]", "aliases")
    }

    @Test(
        "Odd corners of YAML",
        arguments: [
            "a: \"\\ud800\"", "a: \"\\U00110000\"", "a: \"\\xff\\0\"", "%YAML 1.1\n--- a", "%YAML 9.9\n--- a",
            "a: !!binary x",
            "a: !<> x", "? ", "?", ":", "-", "--- ", "...", "---\n---", "a: |9\n x", "a: >-\n  b\n\n c", "a: &a *a",
            "*a : 1",
            "&a a: *a", "a: &a [*a]", "? {a: 1}\n: 2\n? {a: 1}\n: 2", "{a, b: , : c}", "[a: b, c]", "<<: {a: 1}",
            "~: 1",
            "\"a\": 1\n'a': 2\na: 3", "é: 1\né: 2", "\"\": 1\n\"\": 2", "a: ${", "a: {${}: 1}", "${A: 1",
            "listen: ${listen", "a: [\n:x]",
        ])
    func corners(_ text: String) {
        check(text, "")
        check("listen: 127.0.0.1:80\nservers: { a: 127.0.0.1:81 }\n" + text, "")
    }

    @Test("Many wrong names and many duplicates", .timeLimit(.minutes(1)))
    func manyErrors() {
        check((0..<3_000).map { "name-\($0): 1\n" }.joined(), "unknown names")
        check("servers:\n" + (0..<1_000).map { "  web-\($0 % 500): 127.0.0.1:9001\n" }.joined(), "duplicates")
    }
}
