import BookendCore
import Glibc

/// Takes connections from a listening socket, some at a time.
open class Acceptor: EventSource {
    /// Connections taken in one turn of the loop, so that a flood of new ones does not starve those that stand.
    private static let perTurn = 64
    /// How long to wait when the process or the machine is out of descriptors or memory.
    private static let pause = TimeSpan.milliseconds(50)

    /// What the acceptor waits for. Edges that come meanwhile change nothing: what waits is taken when it goes on.
    private enum Wait {
        case edge, turn, pause
    }

    public final unowned let loop: Loop
    private let listener: FileDescriptor
    private var wait = Wait.edge

    public init(_ listener: consuming FileDescriptor, on loop: Loop) throws(Errno) {
        self.listener = listener
        self.loop = loop
        super.init()
        try loop.add(self, input: self.listener.raw)
    }

    /// A new connection, non-blocking.
    open func accepted(_ descriptor: consuming FileDescriptor, from peer: SocketAddress) {}

    /// No connection can be taken (`EMFILE`, `ENFILE`, `ENOBUFS`, `ENOMEM`); it is tried again after a pause.
    open func exhausted(_ error: Errno) {}

    /// False while no more connections are wanted; whoever says so calls `resumed()` when they are again.
    open var mayAccept: Bool { true }

    /// Takes the connections that wait now, as many as wait at most.
    public final func acceptWaiting() {
        for _ in 0..<ListeningSocket.backlog / Int32(Self.perTurn) {
            acceptSome()
            guard wait == .turn else { return }
        }
    }

    /// Takes no more connections. Those that the kernel holds wait for whoever else has the socket.
    public final func stop() {
        loop.remove(self, input: listener.raw)
    }

    public final override func ready(_ readiness: Readiness) {
        if wait == .edge { acceptSome() }
    }

    public final override func resumed() {
        acceptSome()
    }

    public final override func deadlinePassed() {
        acceptSome()
    }

    private func acceptSome() {
        wait = .edge
        var peer = SocketAddress()
        for _ in 0..<Self.perTurn {
            // `accepted` may have taken the acceptor out of the loop.
            guard place != .nowhere, mayAccept else { return }
            switch loop.kernel.accept(listener.raw, from: &peer) {
            case .success(let descriptor):
                accepted(FileDescriptor(owning: descriptor), from: peer)
            case .failure(.wouldBlock):
                return
            case .failure(.interrupted), .failure(.connectionAborted):
                continue
            case .failure(let error):
                exhausted(error)
                wait = .pause
                loop.setDeadline(loop.now + Self.pause, for: self)
                return
            }
        }
        wait = .turn
        loop.resumeLater(self)
    }
}
