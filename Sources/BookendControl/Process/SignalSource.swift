import BookendLoop
import CLinux
import Glibc

/// SIGTERM and SIGINT as events of a loop.
final class SignalSource: EventSource {
    private let descriptor: FileDescriptor
    private let received: (Int32) -> Void

    init(on loop: Loop, received: @escaping (Int32) -> Void) throws(Errno) {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGTERM)
        sigaddset(&set, SIGINT)
        let raw = signalfd(-1, &set, Int32(SFD_NONBLOCK) | Int32(SFD_CLOEXEC))
        guard raw >= 0 else { throw .last }
        descriptor = FileDescriptor(owning: raw)
        self.received = received
        super.init()
        try loop.add(self, input: descriptor.raw)
    }

    override func ready(_ readiness: Readiness) {
        var info = signalfd_siginfo()
        while read(descriptor.raw, &info, MemoryLayout<signalfd_siginfo>.size) > 0 {
            received(Int32(bitPattern: info.ssi_signo))
        }
    }
}
