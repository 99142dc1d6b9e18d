import Foundation

/// A lock between processes, held on a file of its own.
///
/// `flock` and not a file's mere existence: the kernel frees it when its holder dies, however that happens.
struct FileLock {
    /// Longer than migrating and filling takes, short enough that a stuck instance is noticed.
    private static let patience = 30.0
    private static let pause: UInt32 = 20_000  // microseconds

    private let descriptor: Int32

    /// Waits for the lock. Throws `StartFailure` when the file cannot be made or another process keeps it.
    init(path: String) throws {
        descriptor = Foundation.open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw StartFailure("cannot write \(path): \(reason). Give a file in a folder you may write to with --data")
        }
        let deadline = Date().addingTimeInterval(Self.patience)
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard Date() < deadline else {
                _ = Foundation.close(descriptor)
                throw StartFailure("another instance has kept \(path) for \(Self.patience) s: end it and try again")
            }
            usleep(Self.pause)
        }
    }

    func release() {
        _ = Foundation.close(descriptor)
    }
}
