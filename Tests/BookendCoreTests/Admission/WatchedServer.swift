@testable import BookendCore

/// A server of `places` that takes 40 ms each, or as long as it is told, always full, and its limiter.
struct WatchedServer {
    var limiter: HalfStepLimiter
    var now = Moment(nanoseconds: 1_000_000_000_000)
    var places: Double
    var takes = 0.04
    /// Of what requests take: 1 as by chance.
    var squaredVariation = 0.0
    /// Requests that never end.
    var hanging = 0.0
    /// Seconds with a cap of one.
    var atOne = 0.0

    init(places: Double, survived: Int? = nil) {
        self.places = places
        limiter = HalfStepLimiter(survived: survived, at: now)
    }

    /// - Returns: how many it answered.
    @discardableResult
    mutating func pass(_ seconds: Double, load: Double = .infinity) -> Double {
        var answered = 0.0
        for _ in 0..<Int(seconds / 0.025) {
            let inFlight = max(hanging, min(Double(limiter.cap), load))
            let rate = min(inFlight - hanging, places) / takes
            now = now + .milliseconds(25)
            let residence = rate > 0 ? (inFlight - hanging) / rate : 0
            let squares = residence * residence * (1 + squaredVariation)
            answered += 0.025 * rate
            if limiter.cap == 1 { atOne += 0.025 }
            limiter.see(
                WorkSample(
                    seconds: 0.025, completions: 0.025 * rate, slotSeconds: 0.025 * inFlight,
                    latencySum: 0.025 * rate * residence, latencySquares: 0.025 * rate * squares),
                at: now)
        }
        return answered
    }

    /// Twenty seconds of calm in which a request takes a millisecond.
    mutating func answerQuickly() {
        takes = 0.001
        pass(20, load: 0.005)
    }

    /// Until it is so, a minute at most.
    mutating func pass(load: Double = .infinity, until isSo: (HalfStepLimiter) -> Bool) {
        for _ in 0..<2_400 where !isSo(limiter) { pass(0.025, load: load) }
    }
}
