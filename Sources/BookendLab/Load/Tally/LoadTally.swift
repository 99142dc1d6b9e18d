public import BookendCore

/// What became of every request that was due. Nothing is left out: `due` is `notSent`, the answers, the failures and the
/// unfinished together (`isComplete`).
public struct LoadTally: Sendable {
    /// 9 bits: percentiles are off by at most 0.1 %.
    static let precisionBits = 9

    /// Requests whose intended send time came.
    public var due: UInt64 = 0
    /// Given up at once, because too many were outstanding.
    public var notSent: UInt64 = 0
    /// Had to wait for a connection, because all that the plan allows were in use.
    public var queued: UInt64 = 0
    /// Requests whose first byte was written.
    public var sent: UInt64 = 0
    /// Still outstanding when the run was stopped.
    public var unfinished: UInt64 = 0
    /// Answers that were whole before the sending period ended, and of these the good ones.
    public var answeredInTime: UInt64 = 0
    public var goodInTime: UInt64 = 0

    /// Sends that the generator itself made late, by more than the plan's threshold.
    public var late: UInt64 = 0
    /// From the intended send to when the generator came to it.
    public var delay = LatencyHistogram(precisionBits: 6)

    /// From the intended send to the last byte, for answers with a status below 400.
    public var good = LatencyHistogram(precisionBits: precisionBits)
    /// The same for all other answers.
    public var bad = LatencyHistogram(precisionBits: precisionBits)
    /// From the first byte written to the last read, for all answers: blind to every wait before the send.
    public var fromSend = LatencyHistogram(precisionBits: precisionBits)

    /// By status, from 100 on.
    private var codes = [UInt64](repeating: 0, count: 900)
    private var failures = [UInt64](repeating: 0, count: FailureKind.allCases.count)
    public var header: HeaderCounts?

    public var bytesSent: UInt64 = 0
    public var bytesReceived: UInt64 = 0
    /// Bytes of the answers' bodies, without framing.
    public var bodyBytes: UInt64 = 0
    public var connections: UInt64 = 0
    /// Connections on which bytes came that nobody had asked for; they were closed.
    public var surplus: UInt64 = 0
    /// The time of the last answer or failure, from the beginning of the run.
    public var elapsed = TimeSpan.zero

    public init(countingHeader name: String?) {
        header = name.map { HeaderCounts(name: $0) }
    }

    mutating func answer(status: Int, latency: TimeSpan, fromSend: TimeSpan, isInTime: Bool) {
        codes[status - 100] += 1
        let isGood = status < 400
        if isGood { good.record(latency) } else { bad.record(latency) }
        self.fromSend.record(fromSend)
        if isInTime {
            answeredInTime += 1
            if isGood { goodInTime += 1 }
        }
    }

    mutating func fail(_ kind: FailureKind) {
        failures[kind.index] += 1
    }

    public mutating func add(_ other: LoadTally) {
        for path in Self.sums { self[keyPath: path] += other[keyPath: path] }
        for index in codes.indices { codes[index] += other.codes[index] }
        for index in failures.indices { failures[index] += other.failures[index] }
        delay.merge(other.delay)
        good.merge(other.good)
        bad.merge(other.bad)
        fromSend.merge(other.fromSend)
        if let counts = other.header { header?.add(counts) }
        elapsed = max(elapsed, other.elapsed)
    }

    private static var sums: [WritableKeyPath<LoadTally, UInt64>] {
        [
            \.due, \.notSent, \.queued, \.sent, \.unfinished, \.answeredInTime, \.goodInTime, \.late, \.bytesSent,
            \.bytesReceived, \.bodyBytes, \.connections, \.surplus,
        ]
    }
}

// MARK: - Answers

extension LoadTally {
    /// Whole answers, whatever their status.
    public var answered: UInt64 { good.count + bad.count }
    public var failed: UInt64 { failures.reduce(0, +) }
    /// Whatever is not an answer with a status below 400: what a user would not have been served.
    public var errors: UInt64 { bad.count + failed + notSent }
    /// Of the requests that were due and not cut off by the end of the run: 0...1.
    public var errorShare: Double {
        due == unfinished ? 0 : Double(errors) / Double(due - unfinished)
    }

    public var isComplete: Bool { due == notSent + answered + failed + unfinished }

    /// From the intended send, for all answers.
    public var latency: LatencyHistogram {
        var all = good
        all.merge(bad)
        return all
    }

    public func count(_ kind: FailureKind) -> UInt64 { failures[kind.index] }

    /// The statuses that came, ascending.
    public var statuses: [(status: Int, count: UInt64)] {
        codes.enumerated().filter { $0.element > 0 }.map { ($0.offset + 100, $0.element) }
    }
}
