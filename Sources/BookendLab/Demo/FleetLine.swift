public import BookendCore

/// The demo's status in one line.
public struct FleetLine: Sendable {
    public struct Server: Sendable {
        public var name: String
        /// Nil when Bookend did not tell.
        public var requestsPerSecond: Double?
        /// Nil when it does not run.
        public var memory: ByteCount?
        public var restarts: Int

        public init(name: String, requestsPerSecond: Double?, memory: ByteCount?, restarts: Int) {
            self.name = name
            self.requestsPerSecond = requestsPerSecond
            self.memory = memory
            self.restarts = restarts
        }
    }

    public var elapsed: TimeSpan
    public var servers: [Server]
    /// Nil when there are none.
    public var readers: DemoReaders.Totals?
    /// Bookend itself.
    public var bookend: Server

    public init(elapsed: TimeSpan, servers: [Server], readers: DemoReaders.Totals?, bookend: Server) {
        self.elapsed = elapsed
        self.servers = servers
        self.readers = readers
        self.bookend = bookend
    }

    /// - Parameter columns: of the terminal; nil for a file.
    public func text(columns: Int?) -> String {
        let long = text(isShort: false)
        guard let columns, long.count >= columns else { return long }
        // A line that fills the last column would wrap, and could not be overwritten.
        return String(text(isShort: true).prefix(max(0, columns - 1)))
    }

    private func text(isShort: Bool) -> String {
        var parts = [figures(isShort)] + servers.map { describe($0, isShort) }
        if !isShort { parts.append(own) }
        return parts.joined(separator: " | ")
    }

    private func figures(_ isShort: Bool) -> String {
        let rates = servers.compactMap(\.requestsPerSecond)
        let rate = rates.isEmpty ? "?" : "\(Int(rates.reduce(0, +).rounded()))"
        guard let readers else { return "\(clock) \(rate)\(isShort ? "/s" : " req/s")" }
        if isShort { return "\(clock) \(rate)/s \(readers.failed) failed" }
        return "\(clock)  \(rate) req/s, \(readers.failed) of \(readers.requests) failed"
    }

    private func describe(_ server: Server, _ isShort: Bool) -> String {
        var words = [server.name]
        if let memory = server.memory {
            words += [share(server), "\(memory.bytes / 1_048_576)\(isShort ? "M" : " MiB")"]
        } else {
            words.append("down")
        }
        if server.restarts > 0 { words.append(isShort ? "x\(server.restarts)" : "(restarted \(server.restarts)x)") }
        return words.joined(separator: " ")
    }

    /// Of what Bookend sends to all servers.
    private func share(_ server: Server) -> String {
        let total = servers.reduce(0) { $0 + ($1.requestsPerSecond ?? 0) }
        guard let own = server.requestsPerSecond, total > 0 else { return "-" }
        return "\(Int((own / total * 100).rounded()))%"
    }

    private var own: String {
        let memory = bookend.memory.map { "\($0.bytes / 1_048_576) MiB" } ?? "down"
        return "bookend \(memory)" + (bookend.restarts > 0 ? " (restarted \(bookend.restarts)x)" : "")
    }

    private var clock: String {
        let seconds = Int(elapsed.inSeconds)
        let rest = seconds % 60
        return "\(seconds / 60):\(rest < 10 ? "0" : "")\(rest)"
    }
}
