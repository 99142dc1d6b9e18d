/// What the demo prints when everything runs: where to look and what to try.
struct DemoGuide {
    let url: String
    let admin: String
    let limit: String
    let rate: Int
    let servers: [DemoServer]

    var text: String {
        let fleet = servers.map { server in
            "  \(padded(server.name, 10)) \(padded(server.address, 16)) process \(server.processID ?? 0)"
        }
        let victim = servers.first?.processID ?? 0
        return """

            Bookty is on \(url)/  (\(rate) requests per second of readers)

            \(fleet.joined(separator: "\n"))
              memory: \(limit)

            Try:
              bookend status --admin \(admin)
              for i in 1 2 3 4; do curl -sI \(url)/ | grep -i server-name; done
              curl -c jar -H 'Content-Type: application/json' -d '{"name":"ada","password":"correct horse"}' \(url)/api/sign-up
              curl -b jar -X PUT -H 'Content-Type: application/json' -d '{"stars":5,"body":"The whale."}' \(url)/api/books/198/review
            Break it:
              kill -9 \(victim)        # a server: the other one serves on
              seq 120 | xargs -P 120 -I{} curl -s -m 60 -o /dev/null \(url)/reports/2026/poster.png
                                    # more posters than memory: the kernel kills servers. Bookend cannot prevent it yet

            Ctrl-C ends everything.

            """
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
