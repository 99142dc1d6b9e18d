/// Why a text is no address, and what to write instead.
struct AddressProblem: Error, Equatable {
    let reason: String
    var meant: String?
    var advice: String?
}

extension Scalar {
    func endpoint(for use: Endpoint.Use) -> Endpoint? {
        switch Endpoint.parse(text, for: use) {
        case .success(let endpoint): return endpoint
        case .failure(let problem):
            let usual = use == .bind ? "127.0.0.1:8080, [::1]:8080 or :8080" : "127.0.0.1:9001 or web-01.example:9001"
            findings.error(
                at: node, "`\(text)` is not an address for \(use.what): \(problem.reason)",
                suggestion: problem.meant.map { Suggestion.didYouMean($0) },
                advice: problem.advice ?? "An address is a host and a port, such as \(usual).")
            return nil
        }
    }

    func addressBlock() -> AddressBlock? {
        switch AddressBlock.parse(text) {
        case .success(let block): return block
        case .failure(let problem):
            findings.error(
                at: node, "`\(text)` is not a block of addresses: \(problem.reason)",
                suggestion: problem.meant.map { Suggestion.didYouMean($0) },
                advice: problem.advice ?? "Write it like 10.0.0.0/8, 2001:db8::/32, or a single address.")
            return nil
        }
    }
}
