/// A block of addresses in the notation of RFC 4632 (`10.0.0.0/8`) and RFC 4291, section 2.3 (`2001:db8::/32`).
public enum AddressBlock: Hashable, Sendable {
    /// Bits below the prefix are zero; length 0 to 32.
    case ipv4(IPv4Address, length: Int)
    /// Bits below the prefix are zero; length 0 to 128.
    case ipv6(IPv6Address, length: Int)

    /// No bit has to agree.
    var isEverybody: Bool {
        switch self {
        case .ipv4(_, let length), .ipv6(_, let length): length == 0
        }
    }

    public func contains(_ address: IPv4Address) -> Bool {
        guard case .ipv4(let base, let length) = self else { return false }
        return address.masked(to: length) == base
    }

    public func contains(_ address: IPv6Address) -> Bool {
        guard case .ipv6(let base, let length) = self else { return false }
        return address.masked(to: length) == base
    }
}

extension AddressBlock: CustomStringConvertible {
    public var description: String {
        switch self {
        case .ipv4(let base, let length): "\(base)/\(length)"
        case .ipv6(let base, let length): "\(base)/\(length)"
        }
    }
}

extension IPv4Address {
    /// The first `length` bits, zeros behind them. Smart shifts give 0 when everything is shifted out.
    func masked(to length: Int) -> IPv4Address {
        IPv4Address(bits: bits & (UInt32.max << UInt32(32 - length)))
    }
}

extension IPv6Address {
    /// The first `length` bits, zeros behind them.
    func masked(to length: Int) -> IPv6Address {
        IPv6Address(
            high: high & (UInt64.max << UInt64(max(0, 64 - length))),
            low: low & (UInt64.max << UInt64(min(64, 128 - length)))
        )
    }
}
