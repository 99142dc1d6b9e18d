import CLinux
import Glibc
import Synchronization

/// Messages from other threads to a loop, in order. An eventfd wakes the loop; taking them is one lock a turn.
public final class Mailbox<Message: Sendable>: EventSource, @unchecked Sendable {
    private let waiting = Mutex<[Message]>([])
    private let wake: FileDescriptor
    private let deliver: (Message) -> Void

    /// `deliver` runs on the loop's thread.
    public init(on loop: Loop, deliver: @escaping (Message) -> Void) throws(Errno) {
        let raw = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        guard raw >= 0 else { throw .last }
        wake = FileDescriptor(owning: raw)
        self.deliver = deliver
        super.init()
        try loop.add(self, input: wake.raw)
    }

    /// From any thread.
    public func post(_ message: Message) {
        let wasEmpty = waiting.withLock { messages in
            messages.append(message)
            return messages.count == 1
        }
        if wasEmpty { eventfd_write(wake.raw, 1) }
    }

    public override func ready(_ readiness: Readiness) {
        var count: eventfd_t = 0
        eventfd_read(wake.raw, &count)
        let messages = waiting.withLock { messages in
            let taken = messages
            messages.removeAll()
            return taken
        }
        for message in messages { deliver(message) }
    }
}
