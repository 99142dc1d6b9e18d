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
        case connectFailed = "connect-failed"
        case badResponse = "bad-response"
        case serverGone = "server-gone"
        case serverTimedOut = "server-timed-out"
        case clientGone = "client-gone"
        case clientTimedOut = "client-timed-out"
        case tunnelIdle = "tunnel-idle"
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
    var tries = 0
    var failure: Failure?

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
