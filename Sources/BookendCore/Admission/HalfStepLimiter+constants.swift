/// The limiter's constants, each with its reason; docs/limiter.md has the sweeps.
extension HalfStepLimiter {
    /// Two and not four: a server of two places that dies at eight survives the start.
    static let lowest = 2
    static let learningPatience = TimeSpan.milliseconds(500)
    static let largest = 1 << 20
    static let reserve = 1.25
    static let growth = 1.25
    static let shrinking = 0.85
    /// Of the level in flight on average: less, and the level was not what held requests back.
    static let full = 0.8
    /// Twice the concurrency brought 1.6 times the throughput. Between none (0.5) and all (1), nearer to all: one doubling
    /// too few costs some rounds, one too many kills.
    static let worthwhile = 0.8
    /// Above it a round tells what a request takes just as well.
    static let alike = 0.85
    static let placesLeft = 0.9
    /// Rounds in a row with places left, after which the level is doubled.
    static let sureRounds = 3
    /// One in five thousand, as every look asks again.
    static let confidence = 3.5
    /// Completions for each unit of squared variation, at least.
    static let startRound = 30.0
    static let round = 40.0
    static let quietRound = 20.0
    /// The last few completions, for each unit of squared variation, and how far beyond what is possible they have to be: three
    /// sigma, twice in a row.
    static let fewest = 8.0
    static let impossible = 2.0
    /// Exponential times have 1. Where requests vary, two that share a core do better: a short one need not wait for a long one.
    static let alikeVariation = 0.25
    /// Beside it the way from one answer to the next request is nothing, even across a building.
    static let slow = 0.025
    /// Nearer to one than to two, whatever a round of alike requests may be wrong by.
    static let onePlace = 1.4
    /// Times what a request takes without an answer, until a second place is opened.
    static let stall = 3.0
    /// A round that stays unclear ends after so many times the least.
    static let longest = 4.0
    static let fewForSpread = 10.0
    static let leastSpread = 0.4
    /// Beyond, rounds would take minutes.
    static let mostSpread = 16.0
    /// Completions for each unit of squared variation that the base remembers, by where they come from.
    static let quietWeight = 200.0
    static let dipWeight = 100.0
    static let freshWeight = 15.0
    /// In times of a request.
    static let dipLength = 1.5
    /// Completions for each unit of squared variation with which the base is relied on.
    static let trusted = 100.0
    static let longestDoubt = 4.0
    static let longestSettling = 2.0
    static let unknownResidence = 0.02
    /// Requests' times, or samples, after which calm is over when load comes.
    static let memory = 10.0
    static let usualStep = 0.05
    static let unusual = 0.65...1.6
    /// Of what was in flight when a server died.
    static let survival = 0.7
    /// Below it load is no cause of death.
    static let fewestOfDeath = 4
    /// Part by which the ceiling rises in each second in which the server was full: a tenth a minute.
    static let healing = 0.1 / 60
}
