public import BookendCore

/// How many requests per second are to be sent, as time goes on: segments of a constant rate or of an even ramp.
///
/// `expected` is the integral of the rate: so many requests are due until then. The time at which the n-th is due is its
/// inverse, which both kinds of arrivals use (`Arrivals`).
public struct RateSchedule: Equatable, Sendable {
    public struct Segment: Equatable, Sendable {
        public var length: TimeSpan
        /// Requests per second at its beginning.
        public var from: Double
        /// Requests per second at its end.
        public var to: Double

        public init(length: TimeSpan, from: Double, to: Double) {
            self.length = length
            self.from = from
            self.to = to
        }

        /// Requests due in all of it.
        var requests: Double { (from + to) / 2 * length.inSeconds }

        /// Seconds from its beginning until `requests` of it are due.
        func seconds(until requests: Double) -> Double {
            guard requests > 0 else { return 0 }
            let slope = (to - from) / length.inSeconds
            // The root of from·t + slope·t²/2 = requests, in the form that loses no digits when the slope is small.
            let root = max(0, from * from + 2 * slope * requests).squareRoot()
            return min(2 * requests / (from + root), length.inSeconds)
        }
    }

    public let segments: [Segment]
    /// Requests due before each segment, and at last in all.
    private let before: [Double]
    /// Seconds before each segment.
    private let starts: [Double]

    /// - Throws: `ScheduleProblem` when it is empty, too long, or a rate is none.
    public init(_ segments: [Segment]) throws(ScheduleProblem) {
        guard !segments.isEmpty else { throw .empty }
        guard segments.count <= LoadLimits.segments else { throw .tooManySegments }
        var before = [0.0]
        var starts = [0.0]
        for segment in segments {
            guard segment.length > .zero else { throw .noLength }
            guard (0...LoadLimits.rate).contains(segment.from), (0...LoadLimits.rate).contains(segment.to) else {
                throw .rate
            }
            before.append(before.last! + segment.requests)
            starts.append(starts.last! + segment.length.inSeconds)
        }
        guard starts.last! <= LoadLimits.duration.inSeconds else { throw .tooLong }
        guard before.last! > 0 else { throw .nothing }
        self.segments = segments
        self.before = before
        self.starts = starts
    }

    public init(rate: Double, for length: TimeSpan) throws(ScheduleProblem) {
        try self.init([Segment(length: length, from: rate, to: rate)])
    }

    /// Requests due in all.
    public var expected: Double { before.last! }
    public var length: TimeSpan { TimeSpan(nanoseconds: Int64(starts.last! * 1e9)) }
    /// Requests per second at the highest point.
    public var peak: Double { segments.reduce(0) { max($0, $1.from, $1.to) } }

    /// When `requests` are due, counted from the beginning; nil when they never are. `segment` is where the search
    /// starts and ends: whoever asks for ever more requests passes it on.
    func time(of requests: Double, from segment: inout Int) -> TimeSpan? {
        while segment < segments.count, requests >= before[segment + 1] { segment += 1 }
        guard segment < segments.count else { return nil }
        let seconds = segments[segment].seconds(until: requests - before[segment])
        return TimeSpan(nanoseconds: Int64((starts[segment] + seconds) * 1e9))
    }
}

/// Why a schedule cannot be followed.
public enum ScheduleProblem: Error, Equatable, CustomStringConvertible {
    case empty, tooManySegments, noLength, rate, tooLong, nothing
    case malformed(String)

    public var description: String {
        switch self {
        case .empty: "a schedule needs at least one segment, such as 10s@200"
        case .tooManySegments: "a schedule has at most \(LoadLimits.segments) segments"
        case .noLength: "every part of a schedule lasts longer than nothing"
        case .rate: "a rate is between 0 and \(Int(LoadLimits.rate)) requests per second"
        case .tooLong: "a run lasts at most \(LoadLimits.duration)"
        case .nothing: "at a rate of 0 nothing would be sent"
        case .malformed(let segment): "'\(segment)' is no segment: write 10s@200, or 10s@200-1000 for a ramp"
        }
    }
}
