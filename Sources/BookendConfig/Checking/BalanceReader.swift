/// Reads `balance`, and tells those who come from elsewhere, or from the future, what there is.
enum BalanceReader {
    private static let later = ["peak-ewma", "least-time", "hash", "sticky"]
    /// The same rules under the names of HAProxy, nginx, Envoy, Caddy and Traefik.
    private static let elsewhere: [String: BalanceName] = [
        "roundrobin": .roundRobin, "rr": .roundRobin, "wrr": .roundRobin, "leastconn": .leastRequests,
        "least-conn": .leastRequests, "least-request": .leastRequests, "least-connections": .leastRequests,
        "random-choose-2": .p2c, "power-of-two": .p2c,
    ]

    static func read(_ scalar: Scalar) -> BalanceName? {
        if let name = BalanceName(rawValue: scalar.text) { return name }
        let known = BalanceName.allCases.map(\.rawValue)
        let advice = "There are \(known.map { "`\($0)`" }.joined(separator: ", "))."
        let word = scalar.text.lowercased().split(separator: ":").first.map(String.init) ?? ""
        if later.contains(word) {
            scalar.findings.error(
                at: scalar.node, "`balance: \(word)` is not known to this version of Bookend",
                advice: "It is planned. " + advice)
            return nil
        }
        let spelled = word.split(separator: "_").joined(separator: "-")
        let meant = elsewhere[spelled]?.rawValue ?? Suggestion.nearest(to: scalar.text, among: known)
        scalar.findings.error(
            at: scalar.node, "`balance` does not know `\(scalar.text)`",
            suggestion: meant.map { Suggestion.didYouMean($0) }, advice: advice)
        return nil
    }
}
