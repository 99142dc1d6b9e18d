extension AddressBlock {
    /// `10.0.0.0/8`, `2001:db8::/32`; a single address is the block that holds only itself.
    static func parse(_ text: String) -> Result<AddressBlock, AddressProblem> {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let address = parts[0]
        if let base = IPv4Address(text: address) {
            return length(parts, atMost: 32).flatMap { length in
                let masked = base.masked(to: length)
                return masked == base ? .success(.ipv4(base, length: length)) : notABase(.ipv4(masked, length: length))
            }
        }
        if let base = IPv6Address(text: address) {
            return length(parts, atMost: 128).flatMap { length in
                let masked = base.masked(to: length)
                return masked == base ? .success(.ipv6(base, length: length)) : notABase(.ipv6(masked, length: length))
            }
        }
        return .failure(AddressProblem(reason: "`\(address)` is no IP address"))
    }

    private static func length(_ parts: [Substring], atMost most: Int) -> Result<Int, AddressProblem> {
        guard parts.count == 2 else { return .success(most) }
        guard let length = Int(digits: parts[1]), length <= most else {
            return .failure(AddressProblem(reason: "behind the `/` stands a number from 0 to \(most)"))
        }
        return .success(length)
    }

    private static func notABase(_ block: AddressBlock) -> Result<AddressBlock, AddressProblem> {
        .failure(AddressProblem(reason: "the address has bits behind its prefix", meant: "\(block)"))
    }
}
