import BookendCore
import BookendHTTP
import BookendLoop

/// What is known of one request when it is over: a line of the access log, and an observation of its server.
struct AccessRecord {
    /// Why a request did not get a server's whole answer; the raw value stands in the log.
    enum Failure: String {
        case refused
        case noRoute = "no-route"
        case noServer = "no-server"
        /// There was no room, or not in time.
        case shed
        /// Bookend's own memory was used up.
        case outOfMemory = "out-of-memory"
        case connectFailed = "connect-failed"
        case badResponse = "bad-response"
        case serverGone = "server-gone"
        case serverTimedOut = "server-timed-out"
        case clientGone = "client-gone"
        case clientTimedOut = "client-timed-out"
        case tunnelIdle = "tunnel-idle"
    }

    /// Why a server that was tried did not answer; the raw value stands in the log.
    enum Miss: String {
        case refused
        case unreachable
        case connectTimedOut = "connect-timed-out"
        case reset
        case closed
        /// The fleet gave it up meanwhile.
        case left
        /// A trial was answered with 500 or above.
        case failed
        /// Bookend had no descriptor or port left for a connection.
        case ownShortage = "own-shortage"

        init(_ loss: Loss?) {
            switch loss {
            case nil: self = .ownShortage
            case .refused: self = .refused
            case .unreachable: self = .unreachable
            case .timedOut: self = .connectTimedOut
            case .reset: self = .reset
            }
        }
    }

    let began: Moment
    private let id: RandomRequestID
    /// The client's own `X-Request-Id`, if it may be kept: a part of the request's head.
    var givenID: Slice?
    /// 0 until something was answered.
    private(set) var status = 0
    /// When the response's head came.
    private(set) var responded: Moment?
    var server: ServerID?
    private(set) var tries = 0
    /// Why the last server was chosen.
    private(set) var choice = Choice.turn
    /// The servers tried before; as many as fit, `tries` counts them all.
    private(set) var misses: InlineArray<4, (server: ServerID, miss: Miss)?> = .init(repeating: nil)
    var failure: Failure?
    var priority = Priority.normal
    /// Why there was no place for it.
    var shed: Shed?

    init(began: Moment, id: RandomRequestID) {
        self.began = began
        self.id = id
    }

    /// A connection that failed is none of these: it is counted on its own, and another server may have served.
    var isServersFault: Bool {
        switch failure {
        case .badResponse, .serverGone, .serverTimedOut: true
        case nil: status >= 500
        default: false
        }
    }

    mutating func chose(_ choice: Choice) {
        tries += 1
        self.choice = choice
    }

    mutating func missed(_ server: ServerID, _ miss: Miss) {
        for index in misses.indices where misses[index] == nil {
            misses[index] = (server, miss)
            return
        }
    }

    mutating func responded(_ status: Int, at now: Moment) {
        self.status = status
        responded = now
    }

    /// The field that names the request. `head`: the request's.
    func writeID(_ head: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
        output.append("X-Request-Id: ")
        writeIDText(head, to: &output)
        output.append("\r\n")
    }

    func writeIDText(_ head: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
        if let givenID {
            output.append(givenID, of: head)
        } else {
            id.append(to: &output)
        }
    }
}

extension Loss {
    /// Nil when the fault is on this side.
    init?(_ error: Errno) {
        switch error {
        case _ where error.isOwnShortage: return nil
        case .connectionRefused: self = .refused
        case .timedOut: self = .timedOut
        case .connectionReset: self = .reset
        default: self = .unreachable
        }
    }
}
