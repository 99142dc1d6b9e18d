import BookendConfig
import Testing

@Suite("A command line instead of a file")
struct FlagTests {
    @Test("Flags give the same configuration as the short form of a file")
    func sameAsFile() throws {
        let flags = Configuration.Flags(
            listen: "127.0.0.1:8080", servers: ["web-01=127.0.0.1:9001", "web-02=127.0.0.1:9002"],
            backups: ["backup-01=127.0.0.1:9003"], health: "/healthz")
        let (configuration, diagnostics) = Configuration.fromFlags(flags, isRoot: true)
        let file = try GoldenFile(folder: "good", name: "short-health").parse()
        #expect(diagnostics.isEmpty)
        #expect(configuration != nil)
        #expect(configuration == file.configuration)
        #expect(configuration?.listeners.first?.bindPlace == .flag("--listen 127.0.0.1:8080"))
    }

    @Test("Errors name the argument, all at once")
    func errors() {
        let flags = Configuration.Flags(
            listen: "8080", servers: ["web-01=127.0.0.1", "127.0.0.1:9002", "web-01=127.0.0.1:9001"],
            backups: ["web 03=127.0.0.1:9003"], health: nil)
        let (configuration, diagnostics) = Configuration.fromFlags(flags, isRoot: false)
        #expect(configuration == nil)
        let expected = """
            127.0.0.1:9002: error: a server is given as NAME=ADDRESS
              For example: web-01=127.0.0.1:9001

            web-01=127.0.0.1:9001: error: `web-01` is given twice
              Each server has a name of its own.

            --listen 8080: error: `8080` is not an address for a listener: it is only a port
              did you mean `:8080`?
              `:8080` takes requests on every interface, `127.0.0.1:8080` only from this machine.

            web-01=127.0.0.1: error: `127.0.0.1` is not an address for a server: the port is missing
              did you mean `127.0.0.1:80`?
              An address is a host and a port, such as 127.0.0.1:9001 or web-01.example:9001.

            --backup web 03=127.0.0.1:9003: error: the name of a server cannot hold a space
              Letters, digits, `.`, `_` and `-`: it appears in metrics, logs and commands.

            5 errors

            """
        let actual = diagnostics.rendered(color: false)
        for part in expected.split(separator: "\n\n") { #expect(actual.contains(part)) }
        #expect(actual.count == expected.count)
    }

    @Test("No server is one error; the address is checked all the same")
    func noServers() {
        let flags = Configuration.Flags(listen: "here", servers: [], backups: [], health: nil)
        let (configuration, diagnostics) = Configuration.fromFlags(flags, isRoot: false)
        #expect(configuration == nil)
        #expect(diagnostics.map { "\($0.place)" } == ["bookend run", "--listen here"])
    }

    @Test("Backups alone are refused in the words of flags")
    func onlyBackups() {
        let flags = Configuration.Flags(listen: ":8080", servers: [], backups: ["b=127.0.0.1:9003"], health: nil)
        let (configuration, diagnostics) = Configuration.fromFlags(flags, isRoot: false)
        #expect(configuration == nil)
        #expect(diagnostics.map(\.message) == ["the only server is a backup"])
        #expect(diagnostics.first?.advice?.contains("--backup") == true)
    }

    @Test("Who is not root keeps state and socket in a folder of the own")
    func notRoot() throws {
        let flags = Configuration.Flags(listen: ":0", servers: ["a=127.0.0.1:9001"], backups: [], health: nil)
        let configuration = try #require(Configuration.fromFlags(flags, isRoot: false).configuration)
        #expect(configuration.state == ".bookend")
        #expect(configuration.admin.socket == ".bookend/admin.sock")
    }
}
