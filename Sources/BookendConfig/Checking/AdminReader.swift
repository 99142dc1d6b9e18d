/// Reads `admin`.
struct AdminReader {
    let findings: Findings
    let isRoot: Bool
    /// Where to say that something is missing altogether.
    let whole: Place

    /// What it says, and the place to complain about its address.
    func read(_ top: Fields, state: String) -> (Admin, bind: SyntaxNode?) {
        let fields = top.fields("admin", .admin)
        let standard = Defaults.adminSocket(isRoot: isRoot, state: state)
        let socket = fields?.read("socket", or: standard) { $0.path() } ?? standard
        if socket.utf8.count > Bounds.socketPath {
            let key = fields?.entry("socket")?.key ?? top.entry("state")?.key
            findings.error(
                at: key, or: whole,
                "the admin socket's path has \(socket.utf8.count) bytes; the system takes \(Bounds.socketPath)",
                advice: "Choose a shorter one, such as `admin: { socket: /run/bookend.sock }`.")
        }
        return (Admin(socket: socket, network: fields.flatMap(network)), fields?.entry("bind")?.value)
    }

    private func network(_ fields: Fields) -> Admin.Network? {
        let path: String? = fields.read("token-file", or: nil) { $0.path() }
        guard let node = fields.value("bind") else {
            if let key = fields.entry("token-file")?.key, fields.lacks("bind") {
                findings.warning(
                    at: key, "`token-file` without `bind`: nobody is asked for the token",
                    advice: "The socket is for its owner only. The token is for TCP: `bind: 127.0.0.1:9900`.")
            }
            return nil
        }
        let bind: Endpoint? = fields.read("bind", or: nil) { $0.endpoint(for: .bind) }
        guard let bind else { return nil }
        if !bind.host.isLoopback, fields.lacks("token-file") {
            findings.error(
                at: node, "`\(bind)` can be reached from other machines, and there is no `token-file`",
                advice: "Whoever reaches it could read everything. Name a file with a token, or bind to 127.0.0.1:\n"
                    + "admin: { bind: 10.0.0.5:9900, token-file: /etc/bookend/token }".indented)
        }
        let place = fields.entry("token-file")?.value.place ?? node.place
        return Admin.Network(
            bind: bind, bindPlace: node.place, tokenFile: path.map { Admin.TokenFile(path: $0, place: place) })
    }
}
