/// How `host` and `path` of a route are read.
extension Scalar {
    func hostPattern() -> HostPattern? {
        if text == "*" { return refuse("`*` alone is not needed", advice: "A route without `host` takes every host.") }
        let isWildcard = text.hasPrefix("*.")
        let name = isWildcard ? text.dropFirst(2) : text[...]
        if name.contains("*") {
            return refuse(
                "`*` stands only at the beginning, for whole labels", advice: "For example `*.bookty.example`.")
        }
        if let inner = bracketed(name), let address = IPv6Address(text: inner), !isWildcard {
            return .exact(Array("[\(address)]".utf8))
        }
        if name.contains(":") {
            let bare = text.firstRange(of: "://").map { text[$0.upperBound...] } ?? text[...]
            return refuse(
                "a host has no scheme and no port", meant: String(bare.prefix { $0 != ":" && $0 != "/" }),
                advice: "Every request that arrives at this listener is looked at.")
        }
        if let address = IPv4Address(text: name), !isWildcard { return .exact(Array("\(address)".utf8)) }
        do throws(AddressProblem) {
            let checked = try HostName.checked(name)
            return isWildcard ? .anyUnder(suffix: Array(".\(checked)".utf8)) : .exact(Array(checked.utf8))
        } catch {
            return refuse(
                error.reason, advice: error.advice ?? "For example `bookty.example` or `\"*.bookty.example\"`.")
        }
    }

    func pathPrefix() -> PathPrefix? {
        guard text.hasPrefix("/") else {
            let meant = text.isEmpty || text.contains(":") ? nil : "/" + text.prefix { $0 != "*" }
            return refuse("a path begins with `/`", meant: meant, advice: "For example `/api/`.")
        }
        if text.contains("*") {
            return refuse(
                "`*` is not needed", meant: String(text.prefix { $0 != "*" }),
                advice: "A path always takes everything below it.")
        }
        if let sign = text.first(where: { $0 == "?" || $0 == "#" }) {
            return refuse(
                "`\(sign)` is no part of a path", meant: String(text.prefix { $0 != sign }),
                advice: "Routes look at the path only, not at the query.")
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return refuse(
                "it holds a space or a letter beyond ASCII",
                advice: "Write it as it is sent: `%20` for a space, `%C3%A9` for é.")
        }
        return PathPrefix(bytes: Array(text.utf8))
    }

    private func bracketed(_ name: Substring) -> Substring? {
        name.hasPrefix("[") && name.hasSuffix("]") ? name.dropFirst().dropLast() : nil
    }

    private func refuse<Value>(_ reason: String, meant: String? = nil, advice: String) -> Value? {
        findings.error(
            at: node, "`\(key)` cannot be `\(text)`: \(reason)", suggestion: meant.map { Suggestion.didYouMean($0) },
            advice: advice)
        return nil
    }
}
