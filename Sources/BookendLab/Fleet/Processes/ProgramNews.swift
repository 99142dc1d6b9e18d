public import BookendCore
public import BookendLoop
public import Glibc

/// What happened to a program that is kept running.
public enum ProgramNews: Equatable, Sendable {
    case ended(ProcessEnding, pid_t, Cause, restartIn: TimeSpan)
    case runsAgain(pid_t)
    case cannotStart(Errno, nextTryIn: TimeSpan)

    /// What is known beyond the way in which it ended.
    public enum Cause: Equatable, Sendable {
        case unknown
        /// The kernel killed in its group for want of memory; `kills` counts since the group was made.
        case outOfMemory(limit: ByteCount?, kills: Int)
        /// It crashed under a resource limit, as a program does that is refused memory.
        case likelyRefusedMemory(limit: ByteCount)
    }
}

extension ProgramNews.Cause {
    /// - Parameter kills: of the bound now; `before` when it was last looked at.
    init(_ ending: ProcessEnding, in bound: MemoryBound, kills: Int, before: Int) {
        switch bound {
        case .group(_, let limit):
            self = kills > before ? .outOfMemory(limit: limit, kills: kills) : .unknown
        case .resourceLimit(let limit?) where ending.isCrash:
            self = .likelyRefusedMemory(limit: limit)
        case .resourceLimit:
            self = .unknown
        }
    }
}

extension ProcessEnding {
    /// It was not told to end from outside.
    var isCrash: Bool {
        guard case .signal(let signal) = self else { return false }
        return [SIGABRT, SIGBUS, SIGILL, SIGSEGV, SIGTRAP].contains(signal)
    }
}

extension ProgramNews: CustomStringConvertible {
    /// To be read after the program's name.
    public var description: String {
        switch self {
        case .ended(_, let process, .outOfMemory(let limit, let kills), let delay):
            "ran out of memory: the kernel killed process \(process)\(limit.map { " at its limit of \($0)" } ?? "")"
                + " (oom_kill \(kills)); it starts again in \(delay)"
        case .ended(let ending, let process, .likelyRefusedMemory(let limit), let delay):
            "\(ending), process \(process): most likely it was refused memory beyond its limit of \(limit);"
                + " it starts again in \(delay)"
        case .ended(let ending, let process, .unknown, let delay):
            "\(ending), process \(process); it starts again in \(delay)"
        case .runsAgain(let process):
            "runs again as process \(process)"
        case .cannotStart(let error, let delay):
            "cannot be started: \(error); next try in \(delay)"
        }
    }
}
