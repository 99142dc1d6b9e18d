/// Finds what somebody meant.
enum Suggestion {
    /// The candidate nearest to `word`, if it is near enough to be what was meant: one edit for short words, a third of
    /// the length for others. The first one wins a tie, so that the answer does not depend on chance.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        guard (1...Bounds.nameLength).contains(word.count) else { return nil }
        let spelled = plain(word)
        var best: (candidate: String, distance: Int)?
        for candidate in candidates {
            let distance = distance(spelled, plain(candidate))
            let allowed = max(1, max(spelled.count, candidate.count) / 3)
            if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.candidate
    }

    /// "did you mean …?" for the nearest candidate.
    static func didYouMean(_ word: String, among candidates: [String]) -> String? {
        nearest(to: word, among: candidates).map { didYouMean($0) }
    }

    static func didYouMean(_ text: String) -> String {
        "did you mean `\(text)`?"
    }

    /// Case and the choice between `-` and `_` are never what makes two words different.
    private static func plain(_ word: String) -> [Character] {
        word.lowercased().map { $0 == "_" ? "-" : $0 }
    }

    /// Edits that turn one word into the other: insert, delete, replace, or swap two neighbours (optimal string
    /// alignment, Damerau 1964).
    static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, character) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var best = min(last[column + 1] + 1, current[column] + 1, last[column] + (character == other ? 0 : 1))
                if row > 0, column > 0, character == right[column - 1], left[row - 1] == other {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
