import BookendConfig
import BookendCore
import BookendLoop
import BookendProxy
import CLinux
import Glibc

/// The access log's file and the thread that writes it.
struct LogThread: Sendable {
    /// The file cannot be opened, in words that say how to mend it.
    struct OpenFailure: Error, CustomStringConvertible {
        let description: String
    }

    /// How long the end of the process waits for the disk, or for whoever reads the log.
    private static let patience = TimeSpan.seconds(2)

    let writer: LogWriter
    /// Nil when the log is no file.
    private let file: FileIdentity?

    /// Nil when no log is wanted.
    init?(_ log: AccessLog) throws {
        guard case .on(let destination, _) = log else { return nil }
        let descriptor = try Self.open(destination)
        if case .file(let path) = destination {
            file = FileIdentity(path: path, of: descriptor.raw)
        } else {
            file = nil
        }
        let output = HandedOverDescriptor(descriptor)
        let writer = try LogWriter()
        self.writer = writer
        _ = try Thread.start("access log") { writer.run(to: output.take()) }
    }

    /// Its name is another file's now, or nobody's. Blocks.
    var wasMoved: Bool { file?.wasMoved ?? false }

    /// Writes what still waits.
    func finish() {
        writer.finish(within: Self.patience)
    }

    private static func open(_ destination: AccessLog.Destination) throws -> FileDescriptor {
        switch destination {
        case .standardOutput:
            return FileDescriptor(owning: clinux_fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3))
        case .file(let path):
            // A pipe is opened for reading too: otherwise Bookend would wait for a reader before it serves (fifo(7)).
            let access = isPipe(path) ? O_RDWR : O_WRONLY
            let raw = Glibc.open(path, access | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
            guard raw >= 0 else {
                throw OpenFailure(
                    description: "cannot write the access log \(path): \(Errno.last); set `access-log: { path: … }`")
            }
            return FileDescriptor(owning: raw)
        }
    }
}

/// Which file has a name, whatever it is called later.
private struct FileIdentity: Sendable {
    private let path: String
    private let device: UInt
    private let number: UInt

    init?(path: String, of descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.path = path
        device = UInt(status.st_dev)
        number = UInt(status.st_ino)
    }

    var wasMoved: Bool {
        var status = stat()
        return stat(path, &status) != 0 || UInt(status.st_dev) != device || UInt(status.st_ino) != number
    }
}

private func isPipe(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
}

/// A descriptor on its way into a thread.
private final class HandedOverDescriptor: Sendable {
    private let raw: Int32

    init(_ descriptor: consuming FileDescriptor) {
        raw = descriptor.release()
    }

    /// Once only.
    func take() -> FileDescriptor {
        FileDescriptor(owning: raw)
    }
}
