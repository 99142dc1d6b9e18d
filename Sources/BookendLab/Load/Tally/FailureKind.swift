import BookendLoop

/// Why a request that was due got no whole answer. Names are those of the JSON report.
public enum FailureKind: String, CaseIterable, Sendable {
    /// Nobody listens, or the listener's queue is full.
    case connectRefused = "connect_refused"
    /// Any other way in which a connection was not made.
    case connectFailed = "connect_failed"
    /// This machine has no descriptor or no port left: the generator's fault, not the server's.
    case noSocket = "no_socket"
    /// The connection was reset, or broke, before the answer was whole.
    case reset
    /// The connection was closed before the answer was whole.
    case closedEarly = "closed_early"
    /// A connection that had served before was closed or reset before the first byte of the answer: most likely it was
    /// idle for too long, and a client would have sent the request again.
    case closedReused = "closed_reused"
    /// No whole answer within the time limit, counted from the intended send.
    case timeout
    /// The answer breaks the rules of HTTP/1.1.
    case malformed

    init(connecting error: Errno) {
        switch error {
        case .connectionRefused: self = .connectRefused
        case .processDescriptorsExhausted, .systemDescriptorsExhausted, .addressNotAvailable: self = .noSocket
        case .connectionReset: self = .reset
        default: self = .connectFailed
        }
    }

    /// For people.
    public var label: String {
        switch self {
        case .connectRefused: "connection refused"
        case .connectFailed: "connection not made"
        case .noSocket: "no socket or port left on this machine"
        case .reset: "connection reset"
        case .closedEarly: "closed before the end of the answer"
        case .closedReused: "reused connection closed before an answer"
        case .timeout: "no answer in time"
        case .malformed: "malformed answer"
        }
    }

    var index: Int { Self.allCases.firstIndex(of: self)! }
}
