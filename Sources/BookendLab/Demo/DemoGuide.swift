public import Glibc

/// What the demo prints when everything runs: where to look and what to try.
public struct DemoGuide: Sendable {
    public struct Server: Sendable {
        public var name: String
        public var address: String
        public var process: pid_t

        public init(name: String, address: String, process: pid_t) {
            self.name = name
            self.address = address
            self.process = process
        }
    }

    /// As the user calls it.
    public var command: String
    /// Of Bookty through Bookend, without a final slash.
    public var url: String
    public var admin: String
    /// The folder that goes when the demo ends.
    public var folder: String
    public var year: Int
    /// How much, by what, and where.
    public var limit: String
    public var rate: Int
    public var servers: [Server]

    public init(
        command: String, url: String, admin: String, folder: String, year: Int, limit: String, rate: Int,
        servers: [Server]
    ) {
        self.command = command
        self.url = url
        self.admin = admin
        self.folder = folder
        self.year = year
        self.limit = limit
        self.rate = rate
        self.servers = servers
    }

    public var text: String {
        """

        Bookty is on  \(url)/  \(traffic)

        \(fleet)
        memory     \(limit)

        In another terminal:
          \(command) status \\
            --admin \(admin)
          # Ask a few times, and both servers answer:
          curl -si \(url)/ | grep -i server-name
          # Sign up (later /api/sign-in), and write a review with the session:
          curl -c \(cookies) \\
            -H 'Content-Type: application/json' \\
            -d '{"name":"ada","password":"correct horse"}' \\
            \(url)/api/sign-up
          curl -b \(cookies) -X PUT \\
            -H 'Content-Type: application/json' \\
            -d '{"stars":5,"body":"The whale."}' \\
            \(url)/api/books/198/review

        Take a server out. After a minute it is checked and comes back by itself:
          \(command) drain \(victim.name) --for 1m --why 'a test' \\
            --admin \(admin)

        Break it:
          # A server is gone: the other serves on, and it is back after a second.
          kill -9 \(victim.process)
          # A hundred yearly reports at once are more than memory holds: the kernel
          # kills servers. Bookend cannot keep them from it yet; it only fails over.
          seq 100 | xargs -P 100 -I{} curl -so /dev/null \\
            \(url)/reports/\(year)/poster.png

        Ctrl-C ends everything that the demo started.

        """
    }

    private var traffic: String {
        rate == 0 ? "(no traffic but yours)" : "(\(rate) requests per second of readers)"
    }

    private var cookies: String { folder + "/cookies" }

    private var victim: Server { servers.first ?? Server(name: "web-01", address: "", process: 0) }

    private var fleet: String {
        servers.map { server in
            "\(padded(server.name, 10)) http://\(padded(server.address, 16)) process \(server.process)"
        }.joined(separator: "\n")
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
