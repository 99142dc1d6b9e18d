/// A time in which somebody waits at every moment: is it overload, or a burst?
///
/// At seven tenths of what a server can do, some wait as long as with three times as much, only not as many: the difference
/// between who comes and who is served, each by chance (Poisson), spreads by √2n. Without this test up to 5 % were refused at
/// eight tenths of the load (docs/limiter.md).
struct BusySpell: Sendable {
    /// Of the spread: one spell in forty.
    private static let beyondChance = 2.0
    /// What was long ago excuses no crowd now.
    private static let most = 1_000

    let since: Moment
    private var excess = 0
    private var served = 0

    init(at now: Moment) {
        since = now
    }

    mutating func came() {
        excess += 1
    }

    mutating func wasServed() {
        excess -= 1
        served += 1
    }

    /// Who left or was refused counts as one who came.
    var isMoreThanChance: Bool {
        Double(excess) > Self.beyondChance * Double(2 * min(served, Self.most)).squareRoot()
    }
}
