import BookendConfig
import BookendLoop

/// Accepts the clients of one listener for one worker.
final class ClientListener: Acceptor {
    private unowned let worker: Worker
    private let plan: ListenerPlan

    init(_ socket: consuming FileDescriptor, for listener: Listener, of worker: Worker) throws(Errno) {
        self.worker = worker
        plan = ListenerPlan(listener)
        try super.init(socket, on: worker.loop)
    }

    override var mayAccept: Bool { worker.hasRoom() }

    override func accepted(_ descriptor: consuming FileDescriptor, from peer: SocketAddress) {
        worker.add(descriptor, from: peer.host, at: plan)
    }

    override func exhausted(_ error: Errno) {
        worker.closeIdleClient()
    }
}
