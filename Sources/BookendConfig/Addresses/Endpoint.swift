/// A host and a TCP port.
public struct Endpoint: Hashable, Sendable {
    public let host: Host
    public let port: UInt16

    public init(host: Host, port: UInt16) {
        self.host = host
        self.port = port
    }

    public enum Host: Hashable, Sendable {
        /// Every interface, over IPv6 and IPv4 as far as the machine has them: written `:8080`. Only to bind.
        case any
        case ipv4(IPv4Address)
        case ipv6(IPv6Address)
        /// To be resolved; lower case, checked by the rules of RFC 1123, section 2.1. Only for servers.
        case name(String)
    }
}

extension Endpoint.Host {
    /// Only programs of this machine reach it: 127.0.0.0/8 or ::1 (RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.3).
    public var isLoopback: Bool {
        switch self {
        case .ipv4(let address): address.bits >> 24 == 127
        case .ipv6(let address): address == IPv6Address(high: 0, low: 1)
        case .any, .name: false
        }
    }
}

extension Endpoint: CustomStringConvertible {
    /// As configuration writes it.
    public var description: String {
        switch host {
        case .any: ":\(port)"
        case .ipv4(let address): "\(address):\(port)"
        case .ipv6(let address): "[\(address)]:\(port)"
        case .name(let name): "\(name):\(port)"
        }
    }
}
