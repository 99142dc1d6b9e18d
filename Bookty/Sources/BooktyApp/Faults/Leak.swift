package import Dispatch
import Synchronization

/// Takes memory and never gives it back, as long as the fault is on: so much a second, in ten parts.
package enum Leak {
    private static let parts = 10
    /// Where it is: the compiler leaves out what nobody can ever find again.
    private static let taken = Mutex<[UInt]>([])

    /// Leaks as long as the timer lives. Nil for another fault.
    package static func begin(_ faults: FaultSwitch) -> (any DispatchSourceTimer)? {
        guard case .leak(let bytes) = faults.fault else { return nil }
        let timer = DispatchSource.makeTimerSource()
        timer.schedule(deadline: .now(), repeating: .milliseconds(1_000 / parts))
        timer.setEventHandler {
            guard faults.isOn else { return }
            let count = bytes / parts
            let memory = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 16)
            // Written to, or the kernel would only promise it.
            memory.initializeMemory(as: UInt8.self, repeating: 1, count: count)
            taken.withLock { $0.append(UInt(bitPattern: memory)) }
        }
        timer.activate()
        return timer
    }
}
