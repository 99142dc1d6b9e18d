/// What a server did over some time, counted at Bookend's side of the connection.
public struct WorkSample: Sendable, Equatable {
    /// How long it was watched, in seconds.
    public var seconds: Double
    /// Requests that gave up their place.
    public var completions: Double
    /// The time integral of the requests in flight: what all of them together spent there, also those that are still
    /// there. Counted so, and not by completions, because long requests would be missing (Little, 1961).
    public var slotSeconds: Double
    /// Of `completions`, from the pick to the end, and of its squares.
    public var latencySum: Double
    public var latencySquares: Double

    public init(
        seconds: Double, completions: Double, slotSeconds: Double, latencySum: Double, latencySquares: Double
    ) {
        self.seconds = seconds
        self.completions = completions
        self.slotSeconds = slotSeconds
        self.latencySum = latencySum
        self.latencySquares = latencySquares
    }

    public static let none = WorkSample(seconds: 0, completions: 0, slotSeconds: 0, latencySum: 0, latencySquares: 0)

    /// Seconds that a request takes.
    var residence: Double { slotSeconds / completions }
    /// Completions per second.
    var throughput: Double { completions / seconds }
    /// Requests in flight on average.
    var concurrency: Double { seconds > 0 ? slotSeconds / seconds : 0 }
    /// Somebody was there, and nobody got an answer.
    var isStalled: Bool { completions == 0 && slotSeconds > 0 }
    /// The squared ratio of the latency's spread to its mean.
    var squaredVariation: Double {
        guard completions >= 2, latencySum > 0 else { return 1 }
        let mean = latencySum / completions
        return max(0, latencySquares / completions / (mean * mean) - 1)
    }

    static func += (left: inout WorkSample, right: WorkSample) {
        left.seconds += right.seconds
        left.completions += right.completions
        left.slotSeconds += right.slotSeconds
        left.latencySum += right.latencySum
        left.latencySquares += right.latencySquares
    }

    /// Keeps what it says and gives it the weight of at most so many completions.
    mutating func weigh(atMost completions: Double) {
        guard self.completions > completions else { return }
        let part = completions / self.completions
        seconds *= part
        slotSeconds *= part
        latencySum *= part
        latencySquares *= part
        self.completions = completions
    }
}
