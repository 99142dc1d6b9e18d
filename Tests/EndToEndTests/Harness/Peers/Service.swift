import Glibc
import Testing

/// A server in a process of its own that a clean-up hook restarts: it answers with its name and its process, and whoever is
/// on it when it is killed loses the connection.
struct Service {
    let name: String
    let port: UInt16
    /// The command that restarts it. It says what it found in its environment, and notes when it begins and ends.
    let hook: [String]
    private let folder: String

    var address: String { "127.0.0.1:\(port)" }
    /// As a line of `servers:`, with a hook.
    func line(recycle: String? = nil, more: String = "") -> String {
        let words = hook.map { "\"\($0)\"" }.joined(separator: ", ")
        let recycle = recycle ?? "{ command: [\(words)]\(more) }"
        return "\(name): { address: \(address), max-in-flight: 100, recycle: \(recycle) }"
    }

    var process: pid_t { pid_t(readText("\(folder)/\(name).pid")) ?? 0 }
    /// `begin NAME` and `end NAME`, in the order in which the hooks of all services did.
    var notes: [String] { readText("\(folder)/hooks").split(separator: "\n").map(String.init) }

    fileprivate init(_ stage: Stage, _ name: String, restartsIn seconds: Double) throws {
        self.name = name
        folder = stage.folder
        port = try Socket.reservedPort(stage)
        let server = try stage.file(
            "service.py",
            """
            import http.server, os, sys, time
            name, port = sys.argv[1], int(sys.argv[2])
            class Answers(http.server.BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"
                def do_GET(self):
                    time.sleep(0.01)
                    body = f"{name} {os.getpid()}".encode()
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                def log_message(self, *_): pass
            server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Answers)
            server.daemon_threads = True
            open(name + ".fresh", "w").write(str(os.getpid()))
            os.rename(name + ".fresh", name + ".pid")
            server.serve_forever()
            """)
        let script = try stage.file(
            "restart-\(name).sh",
            """
            cd \(folder)
            echo "begin \(name)" >> hooks
            echo "restarts $BOOKEND_POOL/$BOOKEND_SERVER at $BOOKEND_ADDRESS for $BOOKEND_WHY"
            kill -9 $(cat \(name).pid); rm \(name).pid
            sleep \(seconds)
            setsid python3 \(server) \(name) \(port) < /dev/null > /dev/null 2>&1 &
            while ! [ -e \(name).pid ]; do sleep 0.05; done
            echo "end \(name)" >> hooks
            """)
        hook = ["sh", script]
        let pidFile = "\(folder)/\(name).pid"
        stage.atEnd { if let id = pid_t(readText(pidFile)), id > 1 { kill(id, SIGKILL) } }
        _ = try stage.start("sh", ["-c", "cd \(folder) && exec python3 \(server) \(name) \(port)"], named: name)
        try eventually("\(name) serves", within: 30) { fileExists(pidFile) }
    }
}

extension Stage {
    /// - Parameter seconds: from its end to its next start.
    func service(_ name: String, restartsIn seconds: Double = 0.5) throws -> Service {
        try Service(self, name, restartsIn: seconds)
    }
}
