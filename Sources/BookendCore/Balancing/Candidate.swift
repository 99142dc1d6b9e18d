/// What a policy may know of one server at the moment of a pick.
///
/// Sixteen bytes: a worker fills one per server on the stack of the request, from the snapshot and the shared counters.
public struct Candidate: Sendable {
    /// Share of the traffic relative to the other servers of the pool, 1...256.
    public var weight: Int32
    /// Requests in flight on this server across all workers, counted from the pick and not from the connect, so that
    /// two picks in a row see each other.
    public var inFlight: Int32
    /// The most requests that may be in flight; `Int32.max` where there is no cap.
    public var cap: Int32
    /// In rotation, and not tried already for this request.
    public var isOpen: Bool

    @inlinable
    public init(weight: Int32, inFlight: Int32, cap: Int32, isOpen: Bool) {
        assert(weight >= 1 && weight <= Candidate.largestWeight)
        assert(inFlight >= 0)
        self.weight = weight
        self.inFlight = inFlight
        self.cap = cap
        self.isOpen = isOpen
    }

    /// A group of servers, whose weight is theirs together.
    init(groupWeight: Int32) {
        weight = groupWeight
        inFlight = 0
        cap = .max
        isOpen = true
    }

    /// 256, as in nginx-like configurations; keeps every sum and product of a pick far inside 64 bits.
    public static let largestWeight: Int32 = 256

    /// Whether this server may take one request more.
    @inlinable
    public var hasRoom: Bool { isOpen && inFlight < cap }

    /// Whether this server has fewer requests in flight per unit of weight than `other`; exact, without division.
    @inlinable
    public func isLessLoaded(than other: Candidate) -> Bool {
        Int64(inFlight) &* Int64(other.weight) < Int64(other.inFlight) &* Int64(weight)
    }

    /// Whether both have the same number of requests in flight per unit of weight.
    @inlinable
    public func isAsLoaded(as other: Candidate) -> Bool {
        Int64(inFlight) &* Int64(other.weight) == Int64(other.inFlight) &* Int64(weight)
    }

    /// The best of those that have room; the first of equals.
    @inline(__always)
    static func best(of candidates: Span<Candidate>, by isBetter: (Candidate, Candidate) -> Bool) -> Candidate? {
        var best: Candidate?
        for index in candidates.indices where candidates[index].hasRoom {
            if let present = best, !isBetter(candidates[index], present) { continue }
            best = candidates[index]
        }
        return best
    }
}
