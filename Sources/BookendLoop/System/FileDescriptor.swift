import Glibc

/// An open file descriptor with one owner: it is closed exactly once, when its owner lets go of it.
public struct FileDescriptor: ~Copyable, Sendable {
    public let raw: Int32

    public init(owning raw: Int32) {
        precondition(raw >= 0, "a descriptor is not negative")
        self.raw = raw
    }

    /// Gives up ownership: the caller closes it, or hands it to another process.
    public consuming func release() -> Int32 {
        let raw = self.raw
        discard self
        return raw
    }

    /// Writes everything, blocking; false when it cannot be.
    public func writeAll(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { memory in
            var written = 0
            while written < memory.count {
                let count = Glibc.write(raw, memory.baseAddress! + written, memory.count - written)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return false }
                written += count
            }
            return true
        }
    }

    deinit {
        // Never retried on EINTR: on Linux the descriptor is gone whatever close returns (close(2), NOTES).
        _ = Glibc.close(raw)
    }
}
