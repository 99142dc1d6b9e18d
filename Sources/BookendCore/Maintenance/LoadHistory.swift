/// How many requests a pool had in flight in each of the last seconds: means over a second, as what is shorter is what
/// the line is for.
struct LoadHistory: Sendable {
    /// Ten minutes.
    private static let most = 600
    /// Of a hundred seconds.
    private static let share = 0.95

    /// A ring, the oldest at `next` once it is full.
    private var seconds: [Float] = []
    private var next = 0
    /// In flight times seconds, since `began`.
    private var sum = 0.0
    private var began: Moment?
    private var last: (value: Int, at: Moment) = (0, .origin)

    mutating func see(inFlight: Int, at now: Moment) {
        defer { last = (inFlight, now) }
        guard let began else { return self.began = now }
        sum += Double(last.value) * (now - last.at).inSeconds
        let span = now - began
        guard span >= .seconds(1) else { return }
        keep(Float(sum / span.inSeconds))
        sum = 0
        self.began = now
    }

    /// Of the last whole second; before there is one, what is in flight.
    var present: Double {
        guard !seconds.isEmpty else { return Double(last.value) }
        return Double(seconds[(next + seconds.count - 1) % seconds.count])
    }

    /// What 95 of 100 of the seconds did not exceed.
    var usual: Double {
        guard !seconds.isEmpty else { return present }
        let sorted = seconds.sorted()
        return Double(sorted[sorted.count - 1 - Self.exceeding(sorted.count)])
    }

    /// How much of the ten minutes is known.
    var known: TimeSpan { .seconds(Int64(seconds.count)) }

    /// After how long `usual` is no more than `bound`, if every second to come is: when so many seconds are known that those
    /// that exceed it are exceptions, or enough of them are older than ten minutes.
    func falls(to bound: Double) -> TimeSpan {
        let count = seconds.count
        guard count > 0 else { return .zero }
        let exceed = seconds.count { Double($0) > bound }
        var tooMany = exceed - Self.exceeding(count)
        guard tooMany > 0 else { return .zero }
        let enough = Int((Double(exceed) / (1 - Self.share)).rounded(.up))
        if enough <= Self.most { return .seconds(Int64(enough - count)) }
        for age in stride(from: count - 1, through: 0, by: -1) {
            let position = (next + count - 1 - age) % count
            guard Double(seconds[position]) > bound else { continue }
            tooMany -= 1
            if tooMany == 0 { return .seconds(Int64(Self.most - age)) }
        }
        return .seconds(Int64(Self.most))
    }

    /// Of so many seconds, so many may exceed what is usual.
    private static func exceeding(_ count: Int) -> Int { Int(Double(count) * (1 - share) + 1e-9) }

    private mutating func keep(_ value: Float) {
        if seconds.count < Self.most {
            // `next` is the oldest, which is the first.
            seconds.append(value)
        } else {
            seconds[next] = value
            next = (next + 1) % Self.most
        }
    }
}
