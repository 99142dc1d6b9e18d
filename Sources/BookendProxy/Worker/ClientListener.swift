import BookendConfig
import BookendLoop

/// Accepts the clients of one listener for one worker.
final class ClientListener: Acceptor {
    private unowned let worker: Worker
    private(set) var plan: ListenerPlan

    init(_ socket: consuming FileDescriptor, at plan: ListenerPlan, of worker: Worker) throws(Errno) {
        self.worker = worker
        self.plan = plan
        try super.init(socket, on: worker.loop)
    }

    /// The configuration changed.
    func follow(_ plan: ListenerPlan) {
        self.plan = plan
    }

    override var mayAccept: Bool { worker.hasRoom() }

    override func accepted(_ descriptor: consuming FileDescriptor, from peer: SocketAddress) {
        worker.add(descriptor, from: peer.host, at: plan)
    }

    override func exhausted(_ error: Errno) {
        worker.closeIdleClient()
    }
}
