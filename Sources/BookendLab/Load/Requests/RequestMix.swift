/// The requests of a run and their turns: the same for the same number, whichever thread sends it.
public struct RequestMix: Sendable {
    public let requests: [RequestText]
    /// Indexes of `requests`, to be repeated.
    private let sequence: [UInt16]

    /// Paths as `/path`, or `3:/path` for three turns where others have one. The turns of a path are spread evenly.
    public init(_ shape: RequestText.Shape, paths: [String]) throws(RequestProblem) {
        var requests: [RequestText] = []
        var weights: [Int] = []
        for path in paths {
            let (weight, path) = try Self.split(path)
            requests.append(try RequestText(shape, path: path))
            weights.append(weight)
        }
        guard (1...LoadLimits.paths).contains(paths.count), weights.reduce(0, +) <= LoadLimits.weights else {
            throw .weights
        }
        self.requests = requests
        sequence = Self.spread(weights)
    }

    /// The request that the arrival of this number sends: an index of `requests`.
    func index(of number: Int) -> Int {
        sequence.count == 1 ? 0 : Int(sequence[number % sequence.count])
    }

    /// Smooth weighted round-robin, as nginx does it: who has the most credit has the turn and pays for it.
    static func spread(_ weights: [Int]) -> [UInt16] {
        let total = weights.reduce(0, +)
        var credit = [Int](repeating: 0, count: weights.count)
        return (0..<total).map { _ in
            for index in weights.indices { credit[index] += weights[index] }
            let turn = credit.indices.max { credit[$0] < credit[$1] } ?? 0
            credit[turn] -= total
            return UInt16(turn)
        }
    }

    private static func split(_ text: String) throws(RequestProblem) -> (weight: Int, path: String) {
        guard let slash = text.firstIndex(of: "/"), slash != text.startIndex else { return (1, text) }
        guard text[..<slash].last == ":", let weight = Int(text[..<slash].dropLast()),
            (1...LoadLimits.weights).contains(weight)
        else { throw .weight(text) }
        return (weight, String(text[slash...]))
    }
}
