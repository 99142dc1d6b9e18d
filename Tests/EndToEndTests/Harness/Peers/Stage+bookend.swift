import Glibc
import Testing

extension Stage {
    /// Starts Bookend in front of `servers` with one listener and one pool. The lines are YAML, for the section that
    /// their name says.
    func bookend(
        _ servers: [Origin], workers: Int = 1, top: [String] = [], listener: [String] = [], pool: [String] = []
    ) throws -> Bookend {
        try bookend(
            addresses: servers.map { "\($0.name): \($0.address)" }, workers: workers, top: top, listener: listener,
            pool: pool)
    }

    /// The same with servers as lines of YAML. Servers are not probed unless a line says so: most tests count what comes.
    func bookend(
        addresses: [String], workers: Int = 1, top: [String] = [], listener: [String] = [], pool: [String] = []
    ) throws -> Bookend {
        let pool = pool.contains { $0.hasPrefix("health:") } ? pool : pool + ["health: off"]
        func indented(_ lines: [String]) -> String { lines.map { "    \($0)\n" }.joined() }
        return try bookend(
            yaml: """
                workers: \(workers)
                \(top.joined(separator: "\n"))
                listeners:
                  - bind: 127.0.0.1:0
                \(indented(listener))    pool: main
                pools:
                  main:
                \(indented(pool))    servers:
                \(addresses.map { "      \($0)\n" }.joined())
                """)
    }

    /// With a configuration that says everything but where state and admin socket are. A worker process that dies in a
    /// test fails it, unless the test wants that.
    ///
    /// - Parameter admin: more of `admin`, as fields of YAML.
    func bookend(
        yaml: String, admin: [String] = [], environment: [String] = [], prefix: [String] = [], mayDie: Bool = false
    ) throws -> Bookend {
        let socket = path("admin.sock")
        let fields = (["socket: \(socket)"] + admin).joined(separator: ", ")
        let configuration = "state: \(folder)/state\nadmin: { \(fields) }\n" + yaml
        let file = try file("bookend.yaml", configuration)
        let command = prefix + [try Binary.path(), "run", file]
        let program = try start(
            command[0], Array(command.dropFirst()), environment: environment, named: "bookend")
        let bookend = try Bookend(program, adminSocket: socket)
        atEnd {
            bookend.end()
            if !mayDie { #expect(!program.errors.contains("worker process"), "the worker process died") }
        }
        return bookend
    }

    /// With the admin API on a TCP address of its own and a token for it.
    func bookend(
        _ servers: [Origin], bind: String = "127.0.0.1:0", token: String, mayDie: Bool = false
    ) throws -> Bookend {
        let file = try file("token", token + "\n")
        chmod(file, 0o600)
        let lines = servers.map { "  \($0.name): \($0.address)\n" }.joined()
        return try bookend(
            yaml: "workers: 1\nlisten: 127.0.0.1:0\nservers:\n\(lines)",
            admin: ["bind: \"\(bind)\"", "token-file: \(file)"], mayDie: mayDie)
    }

    /// Runs a verb to its end.
    func verb(_ arguments: [String], environment: [String] = [], prefix: [String] = []) throws -> Finished {
        let command = prefix + [try Binary.path()] + arguments
        return try finish(start(command[0], Array(command.dropFirst()), environment: environment, named: "verb"))
    }

    func finish(_ program: Program, within seconds: Double = 60) throws -> Finished {
        Finished(
            code: try program.exitCode(within: seconds), output: program.output, errors: program.errors)
    }
}

/// A program that has ended.
struct Finished {
    /// The signal that ended it as a negative number.
    let code: Int32
    let output: [UInt8]
    let errors: String
    var text: String { String(decoding: output, as: UTF8.self) }
}
