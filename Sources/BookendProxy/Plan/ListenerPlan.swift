import BookendConfig
import BookendCore
import BookendLoop

/// A listener's settings, shared by all of its connections to one worker.
final class ListenerPlan: Sendable {
    let routes: [Route]
    let limits: Listener.Limits
    let timeouts: Listener.Timeouts
    /// It is in the configuration no more: connections end with the exchange that they carry.
    let isClosing: Bool
    private let trustedProxies: [AddressBlock]

    init(_ listener: Listener, of plan: Plan) {
        // A copy of its own: workers that count references to one array wait for each other.
        routes = listener.routes.map { plan.route($0) }
        limits = listener.limits
        timeouts = listener.timeouts
        trustedProxies = listener.trustedProxies
        isClosing = false
    }

    /// The same for those who are still there when the listener has left.
    init(closing plan: ListenerPlan) {
        routes = plan.routes
        limits = plan.limits
        timeouts = plan.timeouts
        trustedProxies = plan.trustedProxies
        isClosing = true
    }

    func trusts(_ peer: HostAddress) -> Bool {
        trustedProxies.contains { block in
            peer.isIPv4
                ? block.contains(IPv4Address(bits: UInt32(truncatingIfNeeded: peer.low)))
                : block.contains(IPv6Address(high: peer.high, low: peer.low))
        }
    }
}
