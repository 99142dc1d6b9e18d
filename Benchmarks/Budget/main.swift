// budget TASK COUNT: does one thing so many times, for a tool that counts instructions or memory around it
// (Benchmarks/budget.py), or prints how long it took.

import BookendConfig
import BookendCore
import BookendHTTP
import BookendLoop
import BookendProxy

let arguments = CommandLine.arguments
guard arguments.count == 3, let count = Int(arguments[2]), count > 0 else {
    fatalError("usage: budget parse|pick-32|pick-1000|forward|refuse|forward-2-threads COUNT")
}
let clock = ContinuousClock()
let began = clock.now
switch arguments[1] {
case "parse": parse(count)
case "pick-32": try pick(count, servers: 32)
case "pick-1000": try pick(count, servers: 1_000)
case "forward": try Forwarding.run(count, route: "/")
case "refuse": try Forwarding.run(count, route: "/other/")
case "forward-2-threads": try Forwarding.run(count, threads: 2)
default: fatalError("no task \(arguments[1])")
}
print("\((clock.now - began) / count)")

/// A request's head of a browser, and its response's.
func parse(_ count: Int) {
    let request = Array(
        """
        GET /books/1?page=2 HTTP/1.1\r
        Host: bookty.example\r
        User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r
        Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r
        Accept-Language: en-US,en;q=0.5\r
        Accept-Encoding: gzip, deflate, br\r
        Connection: keep-alive\r
        Cookie: session=0123456789abcdef0123456789abcdef\r
        Sec-Fetch-Mode: navigate\r
        \r\n
        """.utf8)
    let response = Array(
        """
        HTTP/1.1 200 OK\r
        Server: bookty\r
        Date: Sat, 21 Nov 2026 01:26:00 GMT\r
        Content-Type: text/html; charset=utf-8\r
        Content-Length: 48211\r
        Cache-Control: no-cache\r
        \r\n
        """.utf8)
    let limits = HeadLimits(bytes: 32_768, fields: 100, target: 8_192)
    var asked = RequestHead(limits: limits)
    var answered = ResponseHead(limits: limits)
    for _ in 0..<count {
        asked.reset()
        answered.reset()
        let isAsked = try? asked.parse(request.span)
        let isAnswered = try? answered.parse(response.span, to: asked.method)
        guard isAsked == true, isAnswered == true else { fatalError("both heads are whole and good") }
    }
}

/// The default policy among servers that all have room, as a worker picks: with the counts that workers share.
func pick(_ count: Int, servers: Int) throws {
    let list = (0..<servers).map { "s\($0): 127.0.0.1:\($0 + 2)" }.joined(separator: ", ")
    let text = "listen: 127.0.0.1:1\nservers: { \(list) }\n"
    let read = Configuration.parse(text: text, file: "budget", environment: [:], isRoot: false)
    guard let configuration = read.configuration else { fatalError("\(read.diagnostics)") }
    let plan = try Plan(configuration)
    var pool = PoolState(plan.pools[0], of: plan, workers: 1, at: .origin)
    var random = SeededRandom(seed: 1)
    for _ in 0..<count {
        guard case .server(let server, _) = pool.pick(except: [], isSafe: true, isPressed: false, using: &random)
        else { fatalError("all have room") }
        plan.inFlight.decrement(server.index)
    }
}
