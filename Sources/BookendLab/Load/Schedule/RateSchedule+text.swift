import BookendCore

extension RateSchedule {
    /// Reads `10s@200,30s@1000,10s@1000-200`: length, rate, and for a ramp the rate at its end.
    public init(text: String) throws(ScheduleProblem) {
        var segments: [Segment] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let segment = Segment(text: part) else { throw .malformed(String(part)) }
            segments.append(segment)
        }
        try self.init(segments)
    }
}

extension RateSchedule.Segment {
    fileprivate init?(text: Substring) {
        let halves = text.filter { $0 != " " }.split(separator: "@", omittingEmptySubsequences: false)
        guard halves.count == 2, let length = TimeSpan(loadText: halves[0]) else { return nil }
        let rates = halves[1].split(separator: "-", omittingEmptySubsequences: false).map { Double($0) }
        guard let from = rates.first ?? nil, let to = rates.last ?? nil, rates.count <= 2 else { return nil }
        self.init(length: length, from: from, to: to)
    }
}
