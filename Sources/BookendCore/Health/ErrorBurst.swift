// When are errors a burst?
//
// Five bad answers in a row are quick to see; a share of errors over one half, with the lower bound of Wilson's interval
// (Wilson, 1927; z = 1.96), takes ten answers and is not fooled by few. Counts fade within ten seconds.

/// Watches what a server answers.
struct ErrorBurst: Sendable, Equatable {
    private var inARow = 0
    private var bad = 0.0
    private var all = 0.0
    private var counted: Moment?

    /// What it saw, if that is a burst.
    mutating func see(_ delta: Signs, at now: Moment) -> Cause? {
        fade(to: now)
        let errors = Int(clamping: delta.failed &+ delta.spoiled)
        // The order inside one look is not known: a good answer ends the row.
        inARow = delta.whole > 0 ? 0 : inARow + errors
        bad += Double(errors)
        all += Double(errors) + Double(delta.whole)
        if errors > 0, inARow >= HealthLimits.errorsInARow { return .errorsInARow(inARow) }
        if errors > 0, all >= Double(HealthLimits.fewestAnswers), Self.wilson(bad, all) > 0.5 {
            return .errorShare(failed: Int(bad.rounded()), of: Int(all.rounded()))
        }
        return nil
    }

    mutating func forget() {
        self = ErrorBurst()
    }

    private mutating func fade(to now: Moment) {
        defer { counted = now }
        guard let counted else { return }
        let kept = max(0, 1 - (now - counted).inSeconds / HealthLimits.errorWindow.inSeconds)
        bad *= kept
        all *= kept
    }

    /// The lower bound of the share `bad / all` at 95 %.
    private static func wilson(_ bad: Double, _ all: Double) -> Double {
        let z = 1.96
        let share = bad / all
        let middle = share + z * z / (2 * all)
        let spread = z * (share * (1 - share) / all + z * z / (4 * all * all)).squareRoot()
        return (middle - spread) / (1 + z * z / all)
    }
}
