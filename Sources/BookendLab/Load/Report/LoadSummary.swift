import BookendCore

/// A run's result as one JSON object. Names and units are part of the interface; encode
/// them in snake case (`latency_ms`, `due_per_second`).
public struct LoadSummary: Encodable, Sendable {
    /// Milliseconds; without figures when there is nothing to measure.
    public struct Latency: Encodable, Sendable {
        public var count: UInt64
        public var min: Double?
        public var mean: Double?
        public var p50: Double?
        public var p90: Double?
        public var p99: Double?
        public var p999: Double?
        public var max: Double?

        init(_ histogram: LatencyHistogram) {
            count = histogram.count
            guard count > 0 else { return }
            min = histogram.min.inMilliseconds
            mean = histogram.mean.inMilliseconds
            p50 = histogram.quantile(0.5).inMilliseconds
            p90 = histogram.quantile(0.9).inMilliseconds
            p99 = histogram.quantile(0.99).inMilliseconds
            p999 = histogram.quantile(0.999).inMilliseconds
            max = histogram.max.inMilliseconds
        }
    }

    public struct Header: Encodable, Sendable {
        public var name: String
        public var values: [String: UInt64]
        public var other: UInt64
        public var missing: UInt64

        init(_ counts: HeaderCounts) {
            name = counts.name
            values = Dictionary(counts.values.map { ($0.text, $0.count) }, uniquingKeysWith: +)
            other = counts.others
            missing = counts.missing
        }
    }

    /// About one second. Only exact to 3 % in its latencies, in milliseconds from the intended send.
    public struct Second: Encodable, Sendable {
        /// Seconds from the beginning of the run to the end of this one.
        public var elapsed: Double
        /// Its own length in seconds; the last one is shorter.
        public var span: Double
        public var due: UInt64
        public var sent: UInt64
        public var answered: UInt64
        public var errors: UInt64
        public var lateSends: UInt64
        /// At its end.
        public var outstanding: Int
        public var p50Ms: Double?
        public var p99Ms: Double?
        public var maxMs: Double?

        public init(_ progress: LoadProgress) {
            elapsed = progress.elapsed.inSeconds
            span = progress.span.inSeconds
            (due, sent, answered) = (progress.due, progress.sent, progress.answered)
            (errors, lateSends, outstanding) = (progress.errors, progress.late, progress.outstanding)
            guard progress.latency.count > 0 else { return }
            p50Ms = progress.latency.quantile(0.5).inMilliseconds
            p99Ms = progress.latency.quantile(0.99).inMilliseconds
            maxMs = progress.latency.max.inMilliseconds
        }
    }

    public var url: String
    /// `open` or `closed`.
    public var loop: String
    /// `even` or `poisson`; absent in a closed loop.
    public var arrivals: String?
    public var seed: UInt64
    public var threads: Int
    /// Absent in an open loop.
    public var concurrency: Int?
    /// Seconds in which requests were sent.
    public var period: Double
    /// Seconds until the last answer or failure.
    public var elapsed: Double
    public var interrupted: Bool

    /// Requests whose intended send time came: the sum of `notSent`, `answered`, `unfinished` and all `failures`.
    public var due: UInt64
    /// Requests of which at least a part was written.
    public var sent: UInt64
    /// Given up at once, because `--max-outstanding` requests were outstanding. Errors.
    public var notSent: UInt64
    /// Whole answers, whatever their status.
    public var answered: UInt64
    /// Whole answers with a status below 400.
    public var succeeded: UInt64
    /// Outstanding when the run was interrupted. No errors.
    public var unfinished: UInt64
    /// All that was due and neither succeeded nor is unfinished.
    public var errors: UInt64
    /// Of what was due and is not unfinished: 0...1.
    public var errorShare: Double
    /// What `--max-errors` allows, 0...1; absent when nothing was said.
    public var maxErrorShare: Double?
    /// `errorShare` is at most `maxErrorShare`, or that is absent.
    public var promiseKept: Bool

    /// Per second of `period`; answers that came after it are not counted here.
    public var duePerSecond: Double
    public var answeredPerSecond: Double
    public var succeededPerSecond: Double

    /// Answers by status.
    public var codes: [String: UInt64]
    /// Every `FailureKind`, also those that did not occur.
    public var failures: [String: UInt64]
    /// From the intended send to the last byte, of all answers.
    public var latencyMs: Latency
    /// The same, of answers with a status below 400.
    public var successLatencyMs: Latency
    /// From the actual send, of all answers: without the waits before it.
    public var fromSendMs: Latency
    /// From the intended send to when the generator came to it, of all that was due.
    public var sendDelayMs: Latency
    /// Sends whose delay was above `lateAfterMs`.
    public var lateSends: UInt64
    public var lateAfterMs: Double
    /// At most 1 % of the sends were late.
    public var keptUp: Bool
    /// Requests that had to wait because all connections allowed were in use.
    public var queuedForConnection: UInt64
    /// Connections made.
    public var connections: UInt64
    /// Connections on which bytes came that no request had asked for.
    public var surplusBytesConnections: UInt64
    /// As read and written: heads, bodies and framing.
    public var bytesSent: UInt64
    public var bytesReceived: UInt64
    /// Of the answers' bodies, without framing.
    public var bodyBytes: UInt64
    /// Answers by the value of `--count-header`; absent without it.
    public var header: Header?
    /// One after the other.
    public var seconds: [Second]

    public init(_ result: LoadResult, seconds: [Second]) {
        self.seconds = seconds
        let tally = result.tally
        url = result.url
        seed = result.plan.seed
        threads = result.plan.threads
        switch result.plan.pace {
        case .open(_, let pattern):
            loop = "open"
            arrivals = pattern.rawValue
        case .closed(let concurrency, _):
            loop = "closed"
            self.concurrency = concurrency
        }
        period = result.period.inSeconds
        elapsed = tally.elapsed.inSeconds
        interrupted = result.isInterrupted
        due = tally.due
        sent = tally.sent
        notSent = tally.notSent
        answered = tally.answered
        succeeded = tally.good.count
        unfinished = tally.unfinished
        errors = tally.errors
        errorShare = tally.errorShare
        maxErrorShare = result.maxErrorShare
        promiseKept = result.promiseKept
        duePerSecond = result.perSecond(tally.due)
        answeredPerSecond = result.perSecond(tally.answeredInTime)
        succeededPerSecond = result.perSecond(tally.goodInTime)
        codes = Dictionary(uniqueKeysWithValues: tally.statuses.map { (String($0.status), $0.count) })
        failures = Dictionary(uniqueKeysWithValues: FailureKind.allCases.map { ($0.rawValue, tally.count($0)) })
        latencyMs = Latency(tally.latency)
        successLatencyMs = Latency(tally.good)
        fromSendMs = Latency(tally.fromSend)
        sendDelayMs = Latency(tally.delay)
        lateSends = tally.late
        lateAfterMs = result.plan.lateAfter.inMilliseconds
        keptUp = result.keptUp
        queuedForConnection = tally.queued
        connections = tally.connections
        surplusBytesConnections = tally.surplus
        bytesSent = tally.bytesSent
        bytesReceived = tally.bytesReceived
        bodyBytes = tally.bodyBytes
        header = tally.header.map { Header($0) }
    }
}
