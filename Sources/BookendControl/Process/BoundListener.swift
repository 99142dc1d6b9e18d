import BookendConfig
import BookendLoop
import BookendProxy

/// Takes the addresses of a configuration, or says in words how to mend what prevents it.
enum BoundListener {
    /// - Parameters:
    ///   - count: of sockets on the one address.
    ///   - mayOverlap: a socket of our own has that port on another address.
    static func listen(
        on bind: Endpoint, _ place: Place, count: Int, besideOwn mayOverlap: Bool
    ) throws(Supervisor.StartFailure) -> [Int32] {
        let address: SocketAddress
        do throws(ResolutionFailure) {
            address = try SocketAddress(resolving: bind)
        } catch {
            throw Supervisor.StartFailure(description: "\(place): \(error)")
        }
        do throws(Errno) {
            return try ListeningSocket.group(address, count: count, besideOwn: mayOverlap)
        } catch {
            throw Supervisor.StartFailure(description: "\(place): cannot listen on \(bind): \(cure(error, bind))")
        }
    }

    private static func cure(_ error: Errno, _ bind: Endpoint) -> String {
        switch error {
        case .addressInUse:
            "the port is in use; `ss -ltnp 'sport = :\(bind.port)'` shows by whom"
        case .noPermission:
            "no permission; ports below 1024 need root or CAP_NET_BIND_SERVICE"
        case .addressNotAvailable:
            "no interface of this machine has that address; `ip address` lists them"
        default: "\(error)"
        }
    }
}
