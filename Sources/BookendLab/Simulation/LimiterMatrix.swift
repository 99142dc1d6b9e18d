import BookendCore

/// The limiter over kinds of servers and loads, side by side with the best fixed cap: target L1.
public struct LimiterMatrix {
    public struct Load: Sendable {
        public let name: String
        /// Times the server's capacity, before and after the tenth second.
        public let before: Double
        public let after: Double
    }

    public struct Cell: Sendable {
        public let kind: String
        public let load: String
        public let bestCap: Int
        /// Of what the best fixed cap answers after eight seconds of the load, or 18 if it is there from the start; for each
        /// seed, in order.
        public let goodput: [Double]
        /// Of the same, in the third second after the step; empty where there is none.
        public let afterStep: [Double]
        public let deaths: Int
        public let deathsKnowing: Int
        public let caps: [Int]
        /// What does not hold, in words; empty when all does.
        public let broken: [String]
    }

    public static let kinds = [
        ServerKind(name: "A", discipline: .slots, size: 8, work: 0.04, variation: 0, dies: 28),
        ServerKind(name: "A'", discipline: .slots, size: 8, work: 0.04, variation: 1, dies: 28),
        ServerKind(name: "A''", discipline: .slots, size: 8, work: 0.04, variation: 2, dies: 28),
        ServerKind(name: "B", discipline: .slots, size: 2, work: 0.1, variation: 1, dies: 8),
        ServerKind(name: "C", discipline: .sharedCores, size: 1, work: 0.05, variation: 0, dies: 8),
        ServerKind(name: "D", discipline: .sharedCores, size: 2, work: 0.01, variation: 1, dies: 40),
        ServerKind(name: "E", discipline: .slots, size: 200, work: 0.1, variation: 1, dies: 1_000),
        ServerKind(name: "F", discipline: .sharedCores, size: 16, work: 0.005, variation: 2, dies: 300),
    ]

    public static let loads = [
        Load(name: "cold, 3x", before: 3, after: 3),
        Load(name: "0.6x, then 3x", before: 0.6, after: 3),
        Load(name: "0.6x, then 10x", before: 0.6, after: 10),
        Load(name: "0.7x", before: 0.7, after: 0.7),
    ]

    private static let step = 10.0
    private static let seconds = 26
    private static let judged = 18..<26
    /// Seeds of each cell.
    public static let seedCount: UInt64 = 8
    private static let fixedCaps = [1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 27, 30, 39, 60, 100, 200, 240, 299, 400]
    /// Those that are to follow a step within two seconds.
    private static let quick: Set<String> = ["A", "A'", "A''", "D", "F"]

    /// - Parameter first: of the seeds; 1 is the target's.
    public static func cell(_ kind: ServerKind, _ load: Load, first: UInt64) -> Cell {
        let seeds = first..<first + seedCount
        func play(_ limit: AdmissionRun.Limit, _ seed: UInt64) -> AdmissionRun.Outcome {
            var run = AdmissionRun(kind, limit, seconds: seconds, seed: seed) { time in
                (time < step ? load.before : load.after) * kind.capacity
            }
            return run.play()
        }
        func judged(_ outcome: AdmissionRun.Outcome) -> Double { outcome.answered[Self.judged].reduce(0, +) }
        let caps = fixedCaps.filter { $0 < kind.dies }
        let totals = caps.map { cap in seeds.reduce(0.0) { $0 + judged(play(.fixed(cap), $1)) } }
        // One cap for all seeds, and each seed beside itself: the same requests.
        let best = caps[caps.indices.max { totals[$0] < totals[$1] } ?? 0]
        let references = seeds.map { play(.fixed(best), $0) }
        let outcomes = seeds.map { play(.learned, $0) }
        let knowing = seeds.map { play(.learnedKnowing(dies: kind.dies), $0) }
        let goodput = zip(outcomes, references).map { judged($0) / judged($1) }.sorted()
        let isStep = load.before < load.after
        let third = Int(step) + 2
        let afterStep =
            isStep ? zip(outcomes, references).map { $0.answered[third] / $1.answered[third] }.sorted() : []
        let deaths = outcomes.reduce(0) { $0 + $1.deaths }
        let deathsKnowing = knowing.reduce(0) { $0 + $1.deaths }
        var broken: [String] = []
        if goodput[goodput.count / 2] < 0.95 { broken.append("median goodput below 95 %") }
        if goodput[0] < 0.9 { broken.append("worst goodput below 90 %") }
        if deaths > 1 { broken.append("\(deaths) deaths in 8 runs") }
        if deathsKnowing > 0 { broken.append("\(deathsKnowing) deaths in spite of knowing") }
        if isStep, quick.contains(kind.name), afterStep[afterStep.count / 2] < 0.95 {
            broken.append("too slow after the step")
        }
        return Cell(
            kind: kind.name, load: load.name, bestCap: best, goodput: goodput, afterStep: afterStep,
            deaths: deaths, deathsKnowing: deathsKnowing, caps: outcomes.map { $0.caps[seconds - 1] }.sorted(),
            broken: broken)
    }
}
