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
