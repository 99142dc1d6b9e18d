import BookendCore
import BookendLab
import BookendLoop
import Glibc

/// Ends programs in order: asks, asks again, and kills what still runs.
struct Ending {
    /// What each step may take. Bookend lets what is in flight finish, and ends at once when asked twice.
    private static let steps: [(signal: Int32, patience: TimeSpan)] = [
        (SIGTERM, .seconds(3)), (SIGTERM, .seconds(1)), (SIGKILL, .seconds(5)),
    ]
    private static let glance = TimeSpan.milliseconds(10)

    let stops: StopRequests
    let kernel: Kernel

    func end(_ programs: [KeptProgram]) {
        let asked = stops.count
        for (signal, patience) in Self.steps {
            for program in programs { program.send(signal) }
            let end = kernel.now() + patience
            while kernel.now() < end {
                for program in programs { _ = program.ending() }
                if programs.allSatisfy({ $0.processID == nil }) { return }
                _ = stops.wait(Self.glance)
                // Asked once more while ending: no more patience.
                if stops.count > asked, signal != SIGKILL { break }
            }
        }
    }
}
