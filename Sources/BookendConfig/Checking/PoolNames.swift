import BookendCore

/// The pools that routes may name, in the order of the file.
struct PoolNames {
    let all: [String]
    private let ids: [String: PoolID]

    init(_ names: [String]) {
        all = names
        ids = Dictionary(names.enumerated().map { ($1, PoolID(index: $0)) }, uniquingKeysWith: { first, _ in first })
    }

    func id(_ scalar: Scalar) -> PoolID? {
        if let id = ids[scalar.text] { return id }
        // That there is no pool at all is an error already; no route can do better.
        guard !all.isEmpty else { return nil }
        let known = (all.count == 1 ? "There is " : "There are ") + all.map { "`\($0)`" }.joined(separator: ", ")
        scalar.findings.error(
            at: scalar.node, "there is no pool `\(scalar.text)`",
            suggestion: Suggestion.didYouMean(scalar.text, among: all),
            advice: "A route names one of the `pools` of this file. \(known).")
        return nil
    }
}
