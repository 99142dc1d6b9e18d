import BookendConfig
import Testing

@Suite("How messages look")
struct RenderingTests {
    private func diagnostics(_ text: String) -> [Diagnostic] {
        Configuration.parse(text: text, file: "bookend.yaml", environment: [:], isRoot: true).diagnostics
    }

    @Test("Colour adds escapes and changes no character")
    func color() {
        let all = diagnostics("listen: 8080\nservers: { web-01: 127.0.0.1:9001 }\n")
        let colored = all.rendered(color: true)
        #expect(colored.contains("\u{1B}[1;31merror\u{1B}[0m"))
        #expect(colored.replacing(/\u{1B}\[[0-9;]*m/, with: "") == all.rendered(color: false))
    }

    @Test("Nothing that a file holds reaches the terminal as an escape")
    func escapes() {
        let all = diagnostics("memory: \"\\e[2J\\x07\"\n\"\\e]0;x\\x07\": 1\nlisten: \"\\u202E:8080\"\n")
        #expect(!all.isEmpty)
        for scalar in all.rendered(color: false).unicodeScalars {
            #expect(scalar == "\n" || scalar.properties.generalCategory != .control)
            #expect(scalar.properties.generalCategory != .format)
        }
    }

    @Test("Errors come in the order of the file")
    func order() {
        let lines = diagnostics("workers: 0\nmemory: 1\nfoo: 1\nlisten: x\nservers: { a: b, c: d }\n").map(\.place)
        #expect(lines == lines.sorted { "\($0)" < "\($1)" })
        #expect(lines.count == 6)
    }

    @Test("The place of an address is kept for later, and is no part of equality")
    func bindPlace() throws {
        let first = Configuration.parse(
            text: "listen: :8080\nservers: { a: 127.0.0.1:1 }", file: "a.yaml", environment: [:], isRoot: true)
        let second = Configuration.parse(
            text: "\n\nservers: { a: 127.0.0.1:1 }\nlisten:   :8080", file: "b.yaml", environment: [:], isRoot: true)
        #expect(first.configuration == second.configuration)
        #expect(first.configuration?.listeners.first?.bindPlace.description == "a.yaml:1:9")
        #expect(second.configuration?.listeners.first?.bindPlace.description == "b.yaml:4:11")
    }

    @Test("Derived figures are printed as comments and read over")
    func figures() throws {
        let configuration = try #require(try GoldenFile(folder: "good", name: "smallest").parse().configuration)
        let printed = configuration.effectiveYAML(figures: [.init(name: "worst-case memory", value: "251MiB")])
        #expect(printed.hasSuffix("\n# worst-case memory: 251MiB\n"))
        let again = Configuration.parse(text: printed, file: "again", environment: [:], isRoot: true)
        #expect(again.configuration == configuration)
    }

    @Test("What anybody may read has the receivers of alerts, not their paths and arguments: those may be passwords")
    func forAnyone() throws {
        let text = """
            listen: :8080
            servers: { a: { address: 127.0.0.1:1, recycle: { command: [/usr/bin/ssh, "hooks@web-01"] } } }
            alerts:
              - webhook: http://chat.example:81/hooks/9f2c?key=k
              - exec: [/usr/bin/curl, "https://chat.example/hooks/77aa"]
            """
        let configuration = try #require(
            Configuration.parse(text: text, file: "a.yaml", environment: [:], isRoot: true).configuration)
        let whole = configuration.effectiveYAML()
        #expect(whole.contains("/hooks/9f2c?key=k") && whole.contains("77aa"))
        let shown = configuration.effectiveYAML(isForAnyone: true)
        #expect(shown.contains("chat.example:81") && shown.contains("/usr/bin/curl") && shown.contains("/usr/bin/ssh"))
        #expect(!shown.contains("hooks"))
    }
}
