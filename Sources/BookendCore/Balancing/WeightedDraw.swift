/// One server drawn at random, each with a chance in proportion to its weight, among those that have room.
///
/// A pass over the candidates for the sum, one for each draw, and one random number a draw: no table to keep in step
/// with who has room.
struct WeightedDraw {
    /// Sum of the weights of all servers with room; zero when there are none.
    let totalWeight: UInt64

    // Not an initialiser: that would own its span, and Swift 6.3.1 crashes when it optimises the copy away.
    static func over(_ candidates: Span<Candidate>) -> WeightedDraw {
        var total: UInt64 = 0
        for index in candidates.indices where candidates[index].hasRoom {
            total &+= UInt64(truncatingIfNeeded: candidates[index].weight)
        }
        return WeightedDraw(totalWeight: total)
    }

    /// Draws one server, leaving out `excluded`, which must have room itself; nil when no other has room.
    func draw(from candidates: Span<Candidate>, excluding excluded: Int?, using random: inout SeededRandom) -> Int? {
        var total = totalWeight
        if let excluded {
            assert(candidates[excluded].hasRoom)
            total &-= UInt64(truncatingIfNeeded: candidates[excluded].weight)
        }
        guard total > 0 else { return nil }
        var left = UInt64.random(in: 0..<total, using: &random)
        for index in candidates.indices where candidates[index].hasRoom && index != excluded {
            let weight = UInt64(truncatingIfNeeded: candidates[index].weight)
            if left < weight { return index }
            left &-= weight
        }
        assertionFailure("the weights changed during a pick")
        return nil
    }
}
