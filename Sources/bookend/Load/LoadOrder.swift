import ArgumentParser
import BookendCore
import BookendHTTP
import BookendLab
import BookendLoop

/// The command line of `bookend load`, checked.
struct LoadOrder {
    /// When neither time nor number is given.
    private static let usualLength = TimeSpan.seconds(10)
    private static let fewestConnections = 16
    private static let mostDerivedConnections = 10_000
    private static let mostDerivedOutstanding = 100_000

    let url: LoadURL
    let maxErrorShare: Double?
    private let command: Load
    private let pace: LoadPlan.Pace
    private let mix: RequestMix
    private let method: String
    private let timeout: TimeSpan
    private let lateAfter: TimeSpan

    /// - Throws: `ValidationError`, one for the first thing that is wrong.
    init(_ command: Load) throws {
        self.command = command
        do {
            url = try LoadURL(command.url)
            pace = try Self.pace(command)
            let body = try command.body.map { try RequestBody.read($0) }
            method = command.method ?? (body == nil ? "GET" : "POST")
            let shape = RequestText.Shape(
                method: method, authority: url.authority, headers: try command.header.map { try Self.header($0) },
                body: body, keepsConnection: !command.newConnection)
            mix = try RequestMix(shape, paths: command.path.isEmpty ? [url.path] : command.path)
        } catch let problem as any Error & CustomStringConvertible {
            throw ValidationError(problem.description)
        }
        timeout = try Self.span(command.timeout, "--timeout", most: LoadLimits.timeout)
        lateAfter = try Self.span(command.lateAfter, "--late-after", most: LoadLimits.timeout)
        maxErrorShare = try command.maxErrors.map { try Self.share($0) }
        try Self.check(command.threads, "--threads", 1...LoadLimits.threads)
    }

    /// - Parameter descriptors: that this process may have open.
    func plan(to address: SocketAddress, descriptors: Int) throws -> LoadPlan {
        let most = min(LoadLimits.connections, max(command.threads, descriptors - 64))
        let (connections, outstanding) = try limits(mostConnections: most)
        return LoadPlan(
            address: address, method: Method(named: method), mix: mix, pace: pace, requests: command.requests,
            threads: command.threads, connections: connections, outstanding: outstanding,
            reusesConnections: !command.newConnection, timeout: timeout, lateAfter: lateAfter,
            countedHeader: command.countHeader, seed: command.seed)
    }

    private func limits(mostConnections: Int) throws -> (connections: Int, outstanding: Int) {
        if let connections = command.connections {
            try Self.check(connections, "--connections", command.threads...mostConnections)
        }
        if let outstanding = command.maxOutstanding {
            try Self.check(outstanding, "--max-outstanding", command.threads...LoadLimits.outstanding)
        }
        switch pace {
        case .closed(let concurrency, _):
            try Self.check(concurrency, "--concurrency", command.threads...mostConnections)
            return (concurrency, concurrency)
        case .open(let schedule, _):
            let usual = min(Int(schedule.peak), Self.mostDerivedConnections)
            let perTimeout = min(schedule.peak * timeout.inSeconds, Double(Self.mostDerivedOutstanding))
            let connections =
                command.connections ?? min(max(usual, Self.fewestConnections, command.threads), mostConnections)
            return (connections, command.maxOutstanding ?? max(Int(perTimeout), 1_000))
        }
    }
}

// MARK: - Reading options

extension LoadOrder {
    private static func pace(_ command: Load) throws -> LoadPlan.Pace {
        let given = [command.rate != nil, command.schedule != nil, command.concurrency != nil].filter { $0 }
        guard given.count == 1 else {
            throw ValidationError("Say how much load: one of --rate, --schedule and --concurrency.")
        }
        if let requests = command.requests { try check(requests, "--requests", 1...Int.max) }
        let length = try command.length.map { try span($0, "--for", most: LoadLimits.duration) }
        if let concurrency = command.concurrency {
            if command.maxOutstanding != nil || command.connections != nil {
                throw ValidationError("--concurrency is also the number of connections and of requests under way.")
            }
            return .closed(
                concurrency: concurrency,
                length: length ?? (command.requests == nil ? usualLength : LoadLimits.duration))
        }
        guard let pattern = Arrivals.Pattern(rawValue: command.arrivals) else {
            throw ValidationError("--arrivals is even or poisson, not '\(command.arrivals)'.")
        }
        if let text = command.schedule {
            guard length == nil else { throw ValidationError("A --schedule has its own length: leave --for out.") }
            return .open(try RateSchedule(text: text), pattern)
        }
        let rate = command.rate ?? 0
        return .open(try RateSchedule(rate: rate, for: length ?? enough(for: command.requests, at: rate)), pattern)
    }

    /// Twice the time that the requests take on average, so that their number ends the run, not the time.
    private static func enough(for requests: Int?, at rate: Double) -> TimeSpan {
        guard let requests, rate > 0 else { return usualLength }
        let seconds = 2 * Double(requests) / rate + 10
        return min(.milliseconds(Int64(min(seconds * 1e3, 1e12))), LoadLimits.duration)
    }

    private static func span(_ text: String, _ option: String, most: TimeSpan) throws -> TimeSpan {
        guard let span = TimeSpan(loadText: text), span > .zero, span <= most else {
            throw ValidationError("\(option) is a time such as 250ms, 30s or 5m, at most \(most), not '\(text)'.")
        }
        return span
    }

    private static func share(_ text: String) throws -> Double {
        guard text.hasSuffix("%"), let percent = Double(text.dropLast()), (0...100).contains(percent) else {
            throw ValidationError("--max-errors is a share such as 0.1%, not '\(text)'.")
        }
        return percent / 100
    }

    private static func header(_ text: String) throws -> (name: String, value: String) {
        guard let colon = text.firstIndex(of: ":") else { throw RequestProblem.header(text) }
        let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
        return (String(text[..<colon]), String(value))
    }

    private static func check(_ number: Int, _ option: String, _ range: ClosedRange<Int>) throws {
        guard range.contains(number) else {
            throw ValidationError(
                "\(option) is between \(range.lowerBound) and \(range.upperBound) here, not \(number).")
        }
    }
}

extension Method {
    fileprivate init(named name: String) {
        let known: [String: Method] = [
            "GET": .get, "HEAD": .head, "POST": .post, "PUT": .put, "DELETE": .delete, "OPTIONS": .options,
            "TRACE": .trace, "PATCH": .patch,
        ]
        self = known[name] ?? .other
    }
}
