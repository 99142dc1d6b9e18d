import BookendCore
import BookendLab
import BookendLoop
import Glibc

/// One Bookty of the demo: it keeps its name, port and memory limit over restarts.
struct DemoServer {
    let name: String
    let isBackup: Bool
    let kept: KeptProgram
    private let port: ReservedPort

    init(
        _ name: String, isBackup: Bool, bookty: String, data: String, in bounds: MemoryBounds, limit: ByteCount
    ) throws(Errno) {
        self.name = name
        self.isBackup = isBackup
        port = try ReservedPort.loopback()
        let program = Program(
            path: bookty,
            arguments: ["serve", "--bind", "127.0.0.1:\(port.address.port)", "--name", name, "--data", data],
            signalAtOurEnd: SIGKILL)
        kept = KeptProgram(program, in: try bounds.bound(name, limit: limit), shim: Program.thisOne)
    }

    var address: String { "127.0.0.1:\(port.address.port)" }

    /// Answers, and can reach its database.
    var isReady: Bool { HTTPProbe.status(of: "/readyz", at: port.address) == 200 }
}

extension Program {
    /// The `bookend` that runs.
    static let thisOne = "/proc/self/exe"
}
