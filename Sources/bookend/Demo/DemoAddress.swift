import BookendConfig
import BookendLab
import BookendLoop
import BookendProxy
import Foundation

/// The address on which the demo's Bookend listens. It is kept for Bookend from the first moment on, so that a port in
/// use is said before anything is started.
struct DemoAddress {
    let endpoint: Endpoint
    private let reserved: ReservedPort

    init(_ text: String) throws(DemoFailure) {
        let outcome = Configuration.fromFlags(
            Configuration.Flags(listen: text, servers: ["web-01=127.0.0.1:1"], backups: [], health: nil), isRoot: false)
        guard let listener = outcome.configuration?.listeners.first else {
            let errors = outcome.diagnostics.filter { $0.severity == .error }
            throw DemoFailure(errors.rendered(color: false).trimmingCharacters(in: .newlines))
        }
        do {
            reserved = try ReservedPort(try SocketAddress(resolving: listener.bind))
        } catch let error as Errno {
            throw DemoFailure("cannot listen on \(text): \(Self.cure(error, listener.bind.port))")
        } catch {
            throw DemoFailure("cannot listen on \(text): \(error)")
        }
        endpoint = Endpoint(host: listener.bind.host, port: reserved.address.port)
    }

    /// As a reader on this machine reaches it.
    var authority: String {
        switch endpoint.host {
        case .ipv4(let address) where address.bytes != [0, 0, 0, 0]: "\(endpoint)"
        case .ipv6(let address) where address.bytes.contains { $0 != 0 }: "\(endpoint)"
        default: "127.0.0.1:\(endpoint.port)"
        }
    }

    var socketAddress: SocketAddress {
        authority == "\(endpoint)" ? reserved.address : SocketAddress(ipv4: (127, 0, 0, 1), port: endpoint.port)
    }

    private static func cure(_ error: Errno, _ port: UInt16) -> String {
        switch error {
        case .addressInUse:
            "the port is in use (`ss -ltnp 'sport = :\(port)'` shows by whom); choose another with --listen, or"
                + " --listen 127.0.0.1:0 for any"
        case .noPermission: "no permission; ports below 1024 need root: choose another with --listen"
        case .addressNotAvailable: "no interface of this machine has that address; `ip address` lists them"
        default: "\(error)"
        }
    }
}
