import Testing

@testable import BookendConfig

@Suite("What is another between two configurations")
struct ConfigurationChangeTests {
    static let base = """
        workers: 2
        listeners:
          - bind: 127.0.0.1:0
            routes: [{ path: /api, pool: api }, { pool: main }]
          - { bind: 127.0.0.1:8081, pool: main }
        pools:
          main: { servers: { web-01: 127.0.0.1:9001, web-02: 127.0.0.1:9002 } }
          api: { servers: { api-01: 127.0.0.1:9003 } }

        """

    static func read(_ text: String) throws -> Configuration {
        let read = Configuration.parse(text: text, file: "test", environment: [:], isRoot: false)
        return try #require(read.configuration, "\(read.diagnostics)")
    }

    private func change(_ replaced: String, _ fresh: String) throws -> ConfigurationChange {
        #expect(Self.base.contains(replaced))
        let text = Self.base.replacing(replaced, with: fresh)
        return ConfigurationChange(from: try Self.read(Self.base), to: try Self.read(text))
    }

    @Test("The same file, and one that is only written in another way, change nothing")
    func nothing() throws {
        #expect(try change("workers: 2", "workers: 2").isEmpty)
        #expect(try change("web-01: 127.0.0.1:9001", "web-01: { address: 127.0.0.1:9001, weight: 1 }").isEmpty)
        #expect(try change("workers: 2", "workers: 2\nmemory: 256MiB").isEmpty)
    }

    @Test(
        "Each change is one line that names what it is about",
        arguments: [
            ("web-01: 127.0.0.1:9001", "web-01: { address: 127.0.0.1:9001, weight: 3 }", "main/web-01: weight: 1 → 3"),
            (
                "web-02: 127.0.0.1:9002", "web-02: { address: 127.0.0.1:9002, backup: true }",
                "main/web-02: is a backup now"
            ),
            (
                "web-02: 127.0.0.1:9002", "web-02: 127.0.0.1:9012",
                "main/web-02: address: 127.0.0.1:9002 → 127.0.0.1:9012, which is another server"
            ),
            (
                "web-02: 127.0.0.1:9002", "web-02: { address: 127.0.0.1:9002, recycle: agent }",
                "main/web-02: recycle changed"
            ),
            (", web-02: 127.0.0.1:9002", "", "main/web-02: removed (127.0.0.1:9002)"),
            ("web-02:", "web-03: 127.0.0.1:9004, web-02:", "main/web-03: added (127.0.0.1:9004)"),
            ("path: /api", "path: /api2", "listener 127.0.0.1:0: routes changed"),
            ("  - { bind: 127.0.0.1:8081, pool: main }\n", "", "listener 127.0.0.1:8081: removed"),
            ("8081, pool: main", "8081, limits: { fields: 50 }, pool: main", "listener 127.0.0.1:8081: limits changed"),
            ("  main: {", "  main: { balance: round-robin,", "pool main: balance: headroom → round-robin"),
            ("  main: {", "  main: { health: { every: 1s },", "pool main: health changed"),
            ("workers: 2", "workers: 2\naccess-log: { path: \"-\" }", "access log: off → - (json)"),
        ])
    func lines(_ replaced: String, _ fresh: String, _ line: String) throws {
        let change = try change(replaced, fresh)
        #expect(change.lines == [line] && change.fixed.isEmpty)
    }

    @Test("A pool under another name is another pool, and routes that follow it have changed")
    func pools() throws {
        let text = Self.base.replacing("pool: api", with: "pool: books").replacing("  api:", with: "  books:")
        let change = ConfigurationChange(from: try Self.read(Self.base), to: try Self.read(text))
        #expect(
            change.lines == [
                "listener 127.0.0.1:0: routes changed", "pool books: added, with api-01", "pool api: removed",
            ])
    }

    @Test("Pools in another order are the same pools")
    func order() throws {
        let text = """
            workers: 2
            listeners:
              - bind: 127.0.0.1:0
                routes: [{ path: /api, pool: api }, { pool: main }]
              - { bind: 127.0.0.1:8081, pool: main }
            pools:
              api: { servers: { api-01: 127.0.0.1:9003 } }
              main: { servers: { web-01: 127.0.0.1:9001, web-02: 127.0.0.1:9002 } }

            """
        #expect(ConfigurationChange(from: try Self.read(Self.base), to: try Self.read(text)).isEmpty)
    }

    @Test(
        "What is made once is told apart",
        arguments: [
            ("workers: 2", "workers: 4", "workers: 2 → 4"),
            ("workers: 2", "workers: 2\nmemory: 512MiB", "memory: 256MiB → 512MiB"),
            ("workers: 2", "workers: 2\nstate: /other", "state: .bookend → /other"),
        ])
    func fixed(_ replaced: String, _ fresh: String, _ line: String) throws {
        #expect(try change(replaced, fresh).fixed.contains(line))
    }

    @Test("Listeners are known by their address, two with a port that the system chooses one after the other")
    func listeners() throws {
        let old = try Self.read(Self.base)
        let text = Self.base.replacing(
            "  - { bind: 127.0.0.1:8081, pool: main }",
            with: "  - { bind: 127.0.0.1:8082, pool: main }\n  - { bind: 127.0.0.1:0, pool: api }")
        #expect(try Self.read(text).listenersKept(from: old) == [0, nil, nil])
        #expect(try Self.read(text).listenersKept(from: try Self.read(text)) == [0, 1, 2])
    }
}
