/// Why a server is in its state, in figures.
public enum Cause: Sendable, Equatable {
    case notProbedYet
    /// As it was before Bookend restarted.
    case asBefore
    case unwatched
    /// The first good answer of a server that has come to a fleet that runs.
    case joined
    case goodProbes(Int)
    case goodTrials(Int)
    case answeredAgain
    case untried
    case slowStartOver
    case connectionLost(Loss)
    case silence(TimeSpan, inFlight: Int)
    case errorsInARow(Int)
    case errorShare(failed: Int, of: Int)
    case probeLate(TimeSpan)
    case probe(ProbeResult, inARow: Int)
}

extension Cause: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notProbedYet: "no probe was answered yet"
        case .asBefore: "as before the restart"
        case .unwatched: "no health checks"
        case .joined: "new, and answers"
        case .goodProbes(let count): Self.count(count, "good probe")
        case .goodTrials(let count): Self.count(count, "trial request") + " answered well"
        case .answeredAgain: "answers again"
        case .untried: "no request came to try it with"
        case .slowStartOver: "slow start is over"
        case .connectionLost(let loss): "\(loss)"
        case .silence(let span, let inFlight):
            "nothing for \(span.rounded) with \(inFlight) in flight"
        case .errorsInARow(let count): "\(count) errors in a row"
        case .errorShare(let failed, let all): "\(failed) errors in \(all) answers"
        case .probeLate(let span): "probe without answer for \(span.rounded)"
        case .probe(let result, 1): "probe: \(result)"
        case .probe(let result, let count): "probe: \(result), \(count) in a row"
        }
    }

    private static func count(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}

extension Loss: CustomStringConvertible {
    public var description: String {
        switch self {
        case .refused: "connection refused"
        case .unreachable: "unreachable"
        case .timedOut: "no connection in time"
        case .reset: "connection reset"
        }
    }
}

extension ProbeResult: CustomStringConvertible {
    public var description: String {
        switch self {
        case .good: "good"
        case .lost: "connection refused"
        case .timedOut: "no answer in time"
        case .wrong(.status(let status)): "status \(status)"
        case .wrong(.field): "the expected field is missing"
        case .wrong(.body): "the expected text is missing"
        case .wrong(.malformed): "no HTTP response"
        }
    }
}
