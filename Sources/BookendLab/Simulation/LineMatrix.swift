import BookendCore

/// The line over kinds of servers: what those get who leave after two seconds and ask again at once, three times, and those
/// who wait. Targets T2 and T5, with many seeds.
public struct LineMatrix {
    public struct Row: Sendable {
        public let kind: String
        /// At three times the load of those who ask again, of the server's capacity, for each seed, in order.
        public let goodput: [Double]
        /// Of the capacity in the worst five seconds after a step from half of it to three times, of those who leave for good,
        /// for each seed, in order.
        public let afterStep: [Double]
        /// Then at 0.7 times, five seconds later: the share of those who got no good answer.
        public let failed: Double
        /// At 0.8 times of those who wait: the share that was refused.
        public let refused: Double
        /// What does not hold, in words; empty when all does.
        public let broken: [String]
    }

    public static let kinds = [
        ServerKind(name: "a core, 0.1 s", discipline: .sharedCores, size: 1, work: 0.1, variation: 0, dies: 8),
        ServerKind(name: "a core, 20 ms", discipline: .sharedCores, size: 1, work: 0.02, variation: 1, dies: 12),
        ServerKind(name: "8 slots, 40 ms", discipline: .slots, size: 8, work: 0.04, variation: 1, dies: 28),
        ServerKind(name: "16 cores, 5 ms", discipline: .sharedCores, size: 16, work: 0.005, variation: 2, dies: 300),
    ]

    private static let seeds: ClosedRange<UInt64> = 1...24
    private static let hasty = AdmissionRun.Habits(patience: 2, again: 3)
    private static let leaving = AdmissionRun.Habits(patience: 2, again: 0)
    /// Crowded until then, from when on it is judged how they do in 0.7 times the load, and its end.
    private static let overload = 30, after = 35, end = 60
    /// Seconds in which the limiter may learn.
    private static let learning = 15
    /// Seconds in a row that are judged after a step, and those in which they are sought, from a second after it.
    private static let window = 5, windows = 16

    public static func row(_ kind: ServerKind) -> Row {
        let crowded = seeds.map { seed in
            var run = AdmissionRun(kind, .learned, seconds: end + 8, seed: seed, habits: hasty) {
                ($0 < Double(overload) ? 3 : 0.7) * kind.capacity
            }
            return run.play()
        }
        let usual = seeds.map { seed in
            var run = AdmissionRun(kind, .learned, seconds: end, seed: seed) { _ in 0.8 * kind.capacity }
            return run.play()
        }
        let afterStep = worstAfterStep(kind).sorted()
        let goodput = crowded.map { outcome in
            outcome.answered[learning..<overload].reduce(0, +) / Double(overload - learning) / kind.capacity
        }.sorted()
        let failed = share(crowded, after..<end)
        let refused = share(usual, learning..<end)
        var broken: [String] = []
        if goodput[goodput.count / 2] < 0.95 { broken.append("median goodput below 95 %") }
        if afterStep[afterStep.count / 2] < 0.9 { broken.append("median goodput after a step below 90 %") }
        if (crowded + usual).contains(where: { $0.deaths > 0 }) { broken.append("the server died") }
        if failed > 0.001 { broken.append("more than 0.1 % fail after the overload") }
        if refused > 0.01 { broken.append("more than 1 % are refused at 0.8 times the load") }
        return Row(
            kind: kind.name, goodput: goodput, afterStep: afterStep, failed: failed, refused: refused, broken: broken)
    }

    private static func worstAfterStep(_ kind: ServerKind) -> [Double] {
        seeds.map { seed in
            let first = learning + 1
            var run = AdmissionRun(kind, .learned, seconds: first + windows + window, seed: seed, habits: leaving) {
                ($0 < Double(learning) ? 0.5 : 3) * kind.capacity
            }
            let answered = run.play().answered
            let least = (first..<first + windows).map { answered[$0..<$0 + window].reduce(0, +) }.min() ?? 0
            return least / Double(window) / kind.capacity
        }
    }

    private static func share(_ outcomes: [AdmissionRun.Outcome], _ seconds: Range<Int>) -> Double {
        let failed = outcomes.reduce(0) { $0 + $1.failed[seconds].reduce(0, +) }
        let asked = outcomes.reduce(0) { $0 + $1.asked[seconds].reduce(0, +) }
        return Double(failed) / Double(asked)
    }
}
