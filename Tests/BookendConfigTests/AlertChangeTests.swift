import Testing

@testable import BookendConfig

@Suite("What is another among the targets of alerts")
struct AlertChangeTests {
    private func configuration(_ alerts: [String]) throws -> Configuration {
        try ConfigurationChangeTests.read(
            "alerts: [\(alerts.joined(separator: ", "))]\nlisten: 127.0.0.1:0\nservers: { a: 127.0.0.1:9001 }\n")
    }

    private func kept(_ old: [String], _ new: [String]) throws -> [Int?] {
        try configuration(new).alerts.kept(from: configuration(old).alerts)
    }

    private func lines(_ old: [String], _ new: [String]) throws -> [String] {
        let change = ConfigurationChange(from: try configuration(old), to: try configuration(new))
        #expect(change.fixed.isEmpty)
        return change.lines
    }

    private let first = "{ webhook: \"http://127.0.0.1:1/one\" }"
    private let second = "{ webhook: \"http://127.0.0.1:1/two\" }"
    private let log = "{ syslog: /dev/log }"

    @Test("Targets without a name are known by where they are, in whatever order")
    func unnamed() throws {
        #expect(try kept([first, second], [first, second]) == [0, 1])
        #expect(try kept([first, second], [second]) == [1])
        #expect(try kept([first, second], [second, log, first]) == [1, nil, 0])
        #expect(try kept([], [first]) == [nil])
        #expect(try kept([first, second, log], [log]) == [2])
    }

    @Test("One that has moved is known by its name, but not at the cost of one that has not")
    func moved() throws {
        let pager = "{ webhook: \"http://127.0.0.1:1/one\", name: pager }"
        let elsewhere = "{ webhook: \"http://127.0.0.1:2/one\", name: pager }"
        let program = "{ exec: /bin/page, name: pager }"
        #expect(try kept([pager], [elsewhere]) == [0] && kept([pager], [program]) == [0])
        // The unnamed one is called webhook in both.
        #expect(try kept([first, second], ["{ webhook: \"http://127.0.0.1:3/\" }", second]) == [0, 1])
        // Each is told with its own settings, at one place.
        let both = ["{ syslog: /dev/log, name: all }", "{ syslog: /dev/log, name: pages, severity: page }"]
        #expect(try kept(both, both.reversed()) == [1, 0])
    }

    @Test(
        "Each change is one line that shows no path of a URL",
        arguments: [
            ("format: chat", ["format: json → chat"]), ("severity: page", ["severity: warning → page"]),
            ("timeout: 5s", ["timeout changed"]), ("secret-file: /etc/secret", ["secret-file changed"]),
            ("format: text, timeout: 2s", ["format: json → text, timeout changed"]),
        ])
    func settings(_ setting: String, _ parts: [String]) throws {
        let changed = "{ webhook: \"http://127.0.0.1:1/one\", \(setting) }"
        #expect(try lines([first, log], [changed, log]) == parts.map { "alerts: webhook: \($0)" })
    }

    @Test("Targets that come, go and move are lines, and the same in another order is none")
    func comeAndGo() throws {
        #expect(try lines([first, log], [log, first]).isEmpty)
        #expect(try lines([], [log]) == ["alerts: syslog: added (syslog /dev/log)"])
        #expect(
            try lines([first, second], [second]) == [
                "alerts: webhook: was called webhook-2", "alerts: webhook: removed (webhook 127.0.0.1:1)",
            ])
        #expect(try lines([first], [second]) == ["alerts: webhook: another path on webhook 127.0.0.1:1"])
        #expect(
            try lines(["{ exec: /bin/a, name: p }"], ["{ exec: /bin/b, name: p }"]) == [
                "alerts: p: exec /bin/a → exec /bin/b"
            ])
    }
}
