/// Names of machines: RFC 1123, section 2.1, and `_`, which container tools put into their names.
enum HostName {
    /// In lower case.
    static func checked(_ text: some StringProtocol) throws(AddressProblem) -> String {
        let name = text.lowercased()
        guard name.utf8.count <= Bounds.hostLength else {
            throw AddressProblem(reason: "the name is longer than \(Bounds.hostLength) characters")
        }
        guard name.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw AddressProblem(
                reason: "`\(name)` is not ASCII", advice: "Write the name in its ASCII form, which begins with `xn--`.")
        }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        for label in labels {
            if label.isEmpty { throw AddressProblem(reason: "`\(name)` has a dot too many") }
            guard label.utf8.count <= Bounds.labelLength else {
                throw AddressProblem(reason: "`\(label)` is longer than \(Bounds.labelLength) characters")
            }
            let isAllowed = label.unicodeScalars.allSatisfy { $0.isASCIILetterOrDigit || $0 == "-" || $0 == "_" }
            guard isAllowed, label.first != "-", label.last != "-" else {
                throw AddressProblem(reason: "`\(name)` is neither an IP address nor a name")
            }
        }
        // No top-level domain is a number (RFC 3696, section 2): this was meant to be an address.
        if let last = labels.last, Int(digits: last) != nil || last.utf8.allSatisfy({ $0 <= UInt8(ascii: "9") }) {
            throw AddressProblem(
                reason: "`\(name)` is no IPv4 address", advice: "Four numbers from 0 to 255 without leading zeros.")
        }
        return name
    }
}
