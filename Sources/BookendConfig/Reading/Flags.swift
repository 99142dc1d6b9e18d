extension Configuration {
    /// What `bookend run` takes instead of a file.
    public struct Flags: Sendable, Equatable {
        /// `--listen`: an address to bind.
        public var listen: String
        /// `NAME=ADDRESS`, as typed.
        public var servers: [String]
        /// `--backup NAME=ADDRESS`, as typed.
        public var backups: [String]
        /// `--health`: the path to probe.
        public var health: String?

        public init(listen: String, servers: [String], backups: [String], health: String?) {
            self.listen = listen
            self.servers = servers
            self.backups = backups
            self.health = health
        }
    }

    /// Checks a command line by the same rules and with the same defaults as a file in the short form. Messages name
    /// the argument where those for a file name the line.
    ///
    /// - Parameter isRoot: whether the process may write to the system's folders; decides two defaults.
    public static func fromFlags(_ flags: Flags, isRoot: Bool) -> Outcome {
        let findings = Findings(source: nil)
        let whole = Place.flag("bookend run")
        var entries: [SyntaxNode.Entry] = []
        for (argument, flag, isBackup) in flags.servers.map({ ($0, "", false) })
            + flags.backups.map({ ($0, "--backup ", true) })
        {
            let place = Place.flag(flag + argument)
            guard let entry = server(argument, place, isBackup: isBackup, findings) else { continue }
            if entries.contains(where: { $0.key.text == entry.key.text }) {
                findings.error(
                    at: place, "`\(entry.key.text)` is given twice", advice: "Each server has a name of its own.")
                continue
            }
            entries.append(entry)
        }
        if entries.isEmpty, !findings.hasErrors {
            findings.error(
                at: whole, "no server is given",
                advice: "For example: bookend run --listen \(flags.listen) web-01=127.0.0.1:9001 web-02=127.0.0.1:9002")
        }
        let isComplete = !entries.isEmpty
        let listen = Place.flag("--listen \(flags.listen)")
        var root = [node("listen", listen, SyntaxNode(place: listen, content: .text(flags.listen)))]
        if let path = flags.health {
            let place = Place.flag("--health \(path)")
            let fields = [node("path", place, SyntaxNode(place: place, content: .text(path)))]
            root.append(node("health", place, SyntaxNode(place: place, content: .mapping(fields))))
        }
        // Without a server the address is still checked; that there is none is said once.
        root.append(
            node("servers", whole, SyntaxNode(place: whole, content: isComplete ? .mapping(entries) : .unknown)))
        let configuration = ConfigurationReader(findings: findings, isRoot: isRoot, whole: whole)
            .read(SyntaxNode(place: whole, content: .mapping(root)))
        return (configuration, findings.inOrder())
    }

    private static func server(
        _ argument: String, _ place: Place, isBackup: Bool, _ findings: Findings
    ) -> SyntaxNode.Entry? {
        guard let equals = argument.firstIndex(of: "=") else {
            findings.error(
                at: place, "a server is given as NAME=ADDRESS", advice: "For example: web-01=127.0.0.1:9001")
            return nil
        }
        let address = SyntaxNode(place: place, content: .text(String(argument[equals...].dropFirst())))
        let backup = SyntaxNode(place: place, content: .text("true"))
        let fields = [node("address", place, address)] + (isBackup ? [node("backup", place, backup)] : [])
        return node(String(argument[..<equals]), place, SyntaxNode(place: place, content: .mapping(fields)))
    }

    private static func node(_ key: String, _ place: Place, _ value: SyntaxNode) -> SyntaxNode.Entry {
        SyntaxNode.Entry(key: SyntaxNode.Key(text: key, place: place, writtenLength: 1), value: value)
    }
}
