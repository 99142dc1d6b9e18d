import BookendConfig
import BookendLab
import Foundation

/// The demo's folder, and what is in it.
struct DemoFiles {
    private static let longestSocketPath = 107

    let folder: String

    /// Below TMPDIR, unless that is so long that a Unix socket's path would not fit.
    init(_ run: RunName) throws(DemoFailure) {
        var parent = Self.parent
        if (parent + "/" + run.text + "/admin.sock").utf8.count > Self.longestSocketPath { parent = "/tmp" }
        folder = parent + "/" + run.text
        guard mkdir(folder, 0o700) == 0 else {
            throw DemoFailure("cannot make the folder \(folder): \(String(cString: strerror(errno)))")
        }
    }

    /// Where the folders of other demos are.
    static var parents: [String] { parent == "/tmp" ? ["/tmp"] : [parent, "/tmp"] }

    var database: String { folder + "/bookty.sqlite" }
    var socket: String { folder + "/admin.sock" }
    var configuration: String { folder + "/bookend.yaml" }

    func writeConfiguration(_ listen: Endpoint, _ servers: [DemoServer]) throws(DemoFailure) {
        var text = """
            # Made by `bookend demo`; it goes when the demo ends.
            listen: "\(listen)"
            state: \(quoted(folder))
            admin: { socket: \(quoted(socket)) }
            health: { path: /healthz }
            servers:

            """
        for server in servers {
            text += "  \(server.name): { address: \(server.address)\(server.isBackup ? ", backup: true" : "") }\n"
        }
        do { try text.write(toFile: configuration, atomically: true, encoding: .utf8) } catch {
            throw DemoFailure("cannot write \(configuration): \(error)")
        }
    }

    /// As YAML takes any path.
    private func quoted(_ path: String) -> String {
        "\"" + path.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("${", with: "$${") + "\""
    }

    private static var parent: String {
        let given = ProcessInfo.processInfo.environment["TMPDIR"] ?? ""
        let path = given.hasPrefix("/") ? given : "/tmp"
        return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }
}
