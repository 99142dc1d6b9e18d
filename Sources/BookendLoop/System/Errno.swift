import Glibc

/// A system call's error number, with the name and words that people know it by.
public struct Errno: Error, Hashable, Sendable, CustomStringConvertible {
    public let code: Int32

    public init(_ code: Int32) {
        self.code = code
    }

    /// What the last system call of this thread left behind.
    public static var last: Errno { Errno(errno) }

    public var description: String { String(cString: strerror(code)) }

    public static let wouldBlock = Errno(EAGAIN)
    public static let interrupted = Errno(EINTR)
    public static let inProgress = Errno(EINPROGRESS)
    public static let addressInUse = Errno(EADDRINUSE)
    public static let addressNotAvailable = Errno(EADDRNOTAVAIL)
    public static let noPermission = Errno(EACCES)
    public static let connectionReset = Errno(ECONNRESET)
    public static let connectionRefused = Errno(ECONNREFUSED)
    public static let connectionAborted = Errno(ECONNABORTED)
    public static let brokenPipe = Errno(EPIPE)
    public static let timedOut = Errno(ETIMEDOUT)
    public static let noBuffers = Errno(ENOBUFS)
    public static let noMemory = Errno(ENOMEM)
    public static let processDescriptorsExhausted = Errno(EMFILE)
    public static let systemDescriptorsExhausted = Errno(ENFILE)

    /// This process or this machine lacks something: it says nothing about whoever it was to connect to.
    public var isOwnShortage: Bool {
        switch self {
        case .processDescriptorsExhausted, .systemDescriptorsExhausted, .noBuffers, .noMemory, .addressNotAvailable:
            true
        default: false
        }
    }
}
