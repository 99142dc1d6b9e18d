import BookendCore
public import BookendLoop

extension LoadURL {
    /// For each address of a name, when it has several.
    private static let patience = TimeSpan.seconds(1)

    /// Looks the host up, blocking. Of several addresses the first that takes a connection, so that `localhost` works
    /// for a server that listens on 127.0.0.1 only; the first of all when none does.
    public func address() -> Result<SocketAddress, ResolutionFailure> {
        SocketAddress.resolveAll(host: host, port: port).map { addresses in
            guard addresses.count > 1 else { return addresses[0] }
            return addresses.first { Self.takesConnections($0) } ?? addresses[0]
        }
    }

    private static func takesConnections(_ address: SocketAddress) -> Bool {
        guard let loop = try? Loop(), let socket = try? loop.kernel.connecting(to: address) else { return false }
        let attempt = Attempt(socket)
        guard (try? loop.add(attempt, stream: attempt.stream.raw)) != nil else { return false }
        let end = loop.now + patience
        while attempt.stream.isConnecting, loop.now < end {
            guard (try? loop.turn(limit: end - loop.now)) != nil else { return false }
        }
        return !attempt.stream.isConnecting && loop.kernel.connectError(attempt.stream.raw) == nil
    }
}

private final class Attempt: EventSource {
    let stream: ByteStream

    init(_ descriptor: consuming FileDescriptor) {
        stream = ByteStream(connecting: descriptor)
    }

    override func ready(_ readiness: Readiness) {
        stream.note(readiness)
    }
}
