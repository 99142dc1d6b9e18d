import ArgumentParser
import BookendLab

/// `bookend load URL`: options and their words; `LoadOrder` checks them, `LoadSession` runs them.
struct Load: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send load to a URL and measure what its users would see.",
        discussion: """
            Open loop (--rate or --schedule): requests are sent at their intended times whatever the answers do, and \
            latency counts from the intended time, so waiting is never left out. Closed loop (--concurrency): the next \
            request waits for an answer; for measuring capacity only.

              bookend load http://127.0.0.1:8080/ --rate 500 --for 30s
              bookend load http://127.0.0.1:8080/ --schedule '10s@200,10s@200-1000,30s@1000' --max-errors 0.1%
              bookend load http://127.0.0.1:8080/ --concurrency 32 --for 10s

            Errors are all requests that were due and did not get an answer with a status below 400. Exit codes: 0 done, \
            1 more errors than --max-errors, 2 wrong usage, 3 the server cannot be reached at all.
            """)

    @Argument(help: "http://host[:port][/path]; the host a name, an IPv4 address, or an IPv6 address in brackets.")
    var url: String

    @Option(help: "Requests per second, whatever the answers do.")
    var rate: Double?

    @Option(name: .customLong("for"), help: "How long to send, such as 30s or 5m (default: 10s, or until --requests).")
    var length: String?

    @Option(help: "Rates over time: '10s@200,10s@200-1000' is 10 s at 200/s, then a ramp to 1000/s.")
    var schedule: String?

    @Option(help: "Closed loop: keep so many requests under way instead of a rate.")
    var concurrency: Int?

    @Option(help: "Stop after so many requests.")
    var requests: Int?

    @Option(help: "Distances between requests: even, or poisson as from many independent users.")
    var arrivals = "even"

    @Option(help: "Of the poisson arrivals: the same seed gives the same times.")
    var seed: UInt64 = 1

    @Option(help: "Most connections at a time (default: those of one second at the highest rate, at least 16).")
    var connections: Int?

    @Option(help: "Most requests waiting or under way; further ones count as errors (default: rate x timeout).")
    var maxOutstanding: Int?

    @Flag(help: "A new connection for every request.")
    var newConnection = false

    @Option(help: "Threads that send, each with its own part of the load.")
    var threads = 1

    @Option(help: "The request's method (default: GET, or POST with a body).")
    var method: String?

    @Option(help: "A header field as 'Name: value'; may be given several times.")
    var header: [String] = []

    @Option(help: "The request's body: a file, or @64KiB for so many bytes.")
    var body: String?

    @Option(help: "The time for an answer, from the intended send.")
    var timeout = "30s"

    @Option(help: "A path to request instead of the URL's, or '3:/path' for three turns; may be given several times.")
    var path: [String] = []

    @Option(help: "Count the values of this response header field, such as Server-Name.")
    var countHeader: String?

    @Option(help: "The share of errors that is accepted, such as 0.1%; above it the exit code is 1.")
    var maxErrors: String?

    @Option(help: "Count sends that the generator itself makes later than this.")
    var lateAfter = "1ms"

    @Flag(help: "Print the result as one JSON object.")
    var json = false

    @Flag(help: "No progress while it runs.")
    var quiet = false

    /// Here and not only in `run`, so that a mistake is shown with this verb's usage.
    func validate() throws {
        _ = try LoadOrder(self)
    }

    func run() throws {
        let order = try LoadOrder(self)
        try LoadSession(order, isJSON: json, isQuiet: quiet).run()
    }
}
