import BookendLoop

/// Accepts the commands of `bookend` on the admin socket. Who may connect is decided by the file's permissions.
final class AdminListener: Acceptor {
    /// Commands at a time; the rest wait in the kernel's queue.
    private static let most = 64

    private let fleet: FleetStatus
    private let journal: JournalRoute
    private var connections = 0

    init(
        _ socket: consuming FileDescriptor, _ fleet: FleetStatus, _ journal: JournalRoute, on loop: Loop
    ) throws(Errno) {
        self.fleet = fleet
        self.journal = journal
        try super.init(socket, on: loop)
    }

    override var mayAccept: Bool { connections < Self.most }

    override func accepted(_ descriptor: consuming FileDescriptor, from peer: SocketAddress) {
        let connection = AdminConnection(descriptor, fleet, journal, of: self)
        do throws(Errno) {
            try loop.add(connection, stream: connection.stream.raw)
            connections += 1
        } catch {
            // Without a descriptor left to watch it the connection closes here, and the command says so.
        }
    }

    func closed() {
        connections -= 1
        loop.resumeLater(self)
    }
}
