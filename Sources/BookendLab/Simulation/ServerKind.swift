import BookendCore

/// A server as the simulator knows it: how it works on requests, and how many of them kill it.
public struct ServerKind: Sendable {
    public enum Discipline: Sendable {
        /// So many are worked on at a time; the others wait inside the server, first come, first served.
        case slots
        /// So many cores, shared equally by all.
        case sharedCores
    }

    public let name: String
    public let discipline: Discipline
    /// Slots or cores.
    public let size: Int
    /// Seconds of work in a request, on average.
    public let work: Double
    /// Spread of the work ÷ its mean: 0, 1 or more.
    public let variation: Double
    /// Out of memory with so many in flight.
    public let dies: Int

    public init(
        name: String, discipline: Discipline, size: Int, work: Double, variation: Double, dies: Int
    ) {
        self.name = name
        self.discipline = discipline
        self.size = size
        self.work = work
        self.variation = variation
        self.dies = dies
    }

    /// Requests per second at most.
    public var capacity: Double { Double(size) / work }

    /// The work of one request: constant, exponential, or hyperexponential with two balanced phases.
    func draw(_ random: inout SeededRandom) -> Double {
        guard variation > 0 else { return work }
        guard variation > 1 else { return random.exponential(mean: work) }
        let square = variation * variation
        let part = 0.5 * (1 + ((square - 1) / (square + 1)).squareRoot())
        return random.unit() < part
            ? random.exponential(mean: work / (2 * part)) : random.exponential(mean: work / (2 * (1 - part)))
    }
}
