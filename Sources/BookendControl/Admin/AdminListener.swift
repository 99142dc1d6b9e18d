import BookendLoop

/// Accepts on the admin socket, or on the admin API's address.
final class AdminListener: Acceptor {
    /// Connections at a time, event streams included.
    private static let most = 128

    let plane: ControlPlane
    let gate: AdminGate
    /// In the order in which they came.
    private var connections: [AdminConnection] = []

    init(_ socket: consuming FileDescriptor, _ gate: AdminGate, _ plane: ControlPlane, on loop: Loop) throws(Errno) {
        self.gate = gate
        self.plane = plane
        try super.init(socket, on: loop)
    }

    override var mayAccept: Bool {
        connections.count < Self.most || connections.contains { $0.mayBeGivenUp }
    }

    override func accepted(_ descriptor: consuming FileDescriptor, from peer: SocketAddress) {
        // Whoever has said nothing for longest makes room: nobody is kept out by those who only hold connections.
        if connections.count >= Self.most { connections.first { $0.mayBeGivenUp }?.close() }
        let connection = AdminConnection(descriptor, of: self)
        do throws(Errno) {
            try loop.add(connection, stream: connection.stream.raw)
            connections.append(connection)
            connection.start()
        } catch {
            // Without a descriptor left to watch it the connection closes here, and the command says so.
        }
    }

    func closed(_ connection: AdminConnection) {
        connections.removeAll { $0 === connection }
        loop.resumeLater(self)
    }
}
