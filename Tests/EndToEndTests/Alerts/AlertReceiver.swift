import Foundation

/// Somebody else's webhook, in another language: takes alerts as a file says, and checks their signatures by Python's own
/// hmac.
struct AlertReceiver {
    struct Taken: Decodable {
        /// Of the request.
        let target: String
        let type: String
        let key: String
        let signature: String?
        /// By Python, with the secret that it was given.
        let isSigned: Bool
        let body: String
        /// What it did: ok, slow, 500, 404 or close.
        let did: String
    }

    /// An alert in the format json.
    struct Document: Decodable {
        let id: String
        let at: String
        let status: String
        let severity: String
        let key: String
        let kind: String
        let pool: String?
        let server: String?
        let text: String
        let omitted: Int
    }

    let port: UInt16
    let program: Program
    private let mode: String
    private let log: String

    var url: String { "http://127.0.0.1:\(port)" }

    /// Everything that came, in order.
    func taken() throws -> [Taken] {
        try readText(log).split(separator: "\n").map { try JSONDecoder().decode(Taken.self, from: Data($0.utf8)) }
    }

    /// What it answered with 200.
    func documents() throws -> [Document] {
        try taken().filter { $0.did == "ok" }.map { try JSONDecoder().decode(Document.self, from: Data($0.body.utf8)) }
    }

    func set(_ mode: String) throws {
        try writeFile(self.mode, mode)
    }

    /// - Parameter port: a free one, or 0.
    init(
        _ stage: Stage, mode: String = "ok", secret: String = "", port: UInt16 = 0, named name: String = "receiver"
    ) throws {
        self.mode = stage.path(name + ".mode")
        log = stage.path(name + ".log")
        try writeFile(self.mode, mode)
        let said = stage.path(name + ".port")
        program = try stage.python(Self.script, ["\(port)", said, self.mode, log, secret], named: name)
        try eventually("the receiver listens", within: 20) { UInt16(readText(said)) != nil }
        self.port = UInt16(readText(said)) ?? 0
    }

    private static let script = """
        import hashlib, hmac, http.server, json, os, sys, time
        port, said, mode, log, secret = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5].encode()

        def signed(header, body):
            if not header: return False
            parts = dict(part.split("=", 1) for part in header.split(","))
            mine = hmac.new(secret, parts["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
            return hmac.compare_digest(mine, parts["v1"]) and abs(time.time() - int(parts["t"])) < 30

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                did = open(mode).read().strip()
                signature = self.headers["Bookend-Signature"]
                with open(log, "a") as file:
                    file.write(json.dumps({"target": self.path, "type": self.headers["Content-Type"],
                        "key": self.headers["Idempotency-Key"], "signature": signature,
                        "isSigned": signed(signature, body), "body": body.decode(), "did": did}) + "\\n")
                if did == "close":
                    self.close_connection = True
                    return
                if did == "slow": time.sleep(5)
                answer = {"ok": b"ok", "slow": b"late", "500": b"no_service", "404": b"no_such_hook " + self.path.encode()}[did]
                self.send_response({"ok": 200, "slow": 200, "500": 500, "404": 404}[did])
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)
            def log_message(self, *arguments): pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        with open(said + ".new", "w") as file: file.write(str(server.server_port))
        os.rename(said + ".new", said)
        server.serve_forever()
        """
}
