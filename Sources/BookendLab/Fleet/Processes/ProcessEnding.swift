import CLinux
import Glibc

/// How a process ended.
public enum ProcessEnding: Equatable, Sendable {
    case code(Int32)
    case signal(Int32)

    /// From `waitpid`.
    init(_ status: Int32) {
        self = clinux_signaled(status) != 0 ? .signal(clinux_term_signal(status)) : .code(clinux_exit_code(status))
    }
}

extension ProcessEnding: CustomStringConvertible {
    public var description: String {
        switch self {
        case .code(let code): "ended with code \(code)"
        case .signal(let signal): "was killed by signal \(signal) (\(String(cString: strsignal(signal))))"
        }
    }
}
