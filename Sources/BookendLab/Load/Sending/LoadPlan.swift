public import BookendCore
public import BookendHTTP
public import BookendLoop

/// All that a run needs to know, checked: nothing in it can fail later but the network.
public struct LoadPlan: Sendable {
    /// What decides when a request is sent.
    public enum Pace: Sendable {
        /// Open loop: the schedule decides, whatever the answers do, as with many independent users.
        case open(RateSchedule, Arrivals.Pattern)
        /// Closed loop: so many requests are always under way; the next one waits for an answer. Measures capacity; its
        /// latencies say nothing about users, because a slow server slows the load down.
        case closed(concurrency: Int, length: TimeSpan)
    }

    public var address: SocketAddress
    public var method: Method
    public var mix: RequestMix
    public var pace: Pace
    /// Requests in all; nil when only time ends the run.
    public var requests: Int?
    public var threads: Int
    /// Connections of all threads together.
    public var connections: Int
    /// Requests of all threads together that may wait or be under way; further ones are not sent, and counted.
    public var outstanding: Int
    public var reusesConnections: Bool
    /// From the intended send to the end of the answer.
    public var timeout: TimeSpan
    /// Sends that the generator makes later than this are counted as late.
    public var lateAfter: TimeSpan
    /// The response header field whose values are counted.
    public var countedHeader: String?
    /// Of Poisson arrivals.
    public var seed: UInt64

    public init(
        address: SocketAddress, method: Method, mix: RequestMix, pace: Pace, requests: Int?, threads: Int,
        connections: Int, outstanding: Int, reusesConnections: Bool, timeout: TimeSpan, lateAfter: TimeSpan,
        countedHeader: String?, seed: UInt64
    ) {
        precondition((1...LoadLimits.threads).contains(threads), "a number of threads out of bounds")
        precondition((threads...LoadLimits.connections).contains(connections), "every thread needs a connection")
        precondition((threads...LoadLimits.outstanding).contains(outstanding), "every thread needs a request")
        precondition(timeout > .zero && timeout <= LoadLimits.timeout, "a time limit out of bounds")
        self.address = address
        self.method = method
        self.mix = mix
        self.pace = pace
        self.requests = requests
        self.threads = threads
        self.connections = connections
        self.outstanding = outstanding
        self.reusesConnections = reusesConnections
        self.timeout = timeout
        self.lateAfter = lateAfter
        self.countedHeader = countedHeader
        self.seed = seed
    }

    /// How long requests are sent; nil when their number ends the run.
    public var period: TimeSpan? {
        guard requests == nil else { return nil }
        switch pace {
        case .open(let schedule, _): return schedule.length
        case .closed(_, let length): return length
        }
    }

    /// One thread's part of a number that all share: the first threads take what does not divide.
    func share(of number: Int, thread: Int) -> Int {
        number / threads + (thread < number % threads ? 1 : 0)
    }
}
