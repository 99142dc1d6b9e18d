import CLinux
import Glibc

/// The first steps of a process that is to run a program in a memory bound, taken by `bookend limited` before the
/// program's first instruction: a process that joined later would have charged what it used until then to another group.
public struct LimitedStart {
    /// A step that failed, in words.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// The `cgroup.procs` of the group to join.
    public var membersFile: String?
    /// Bytes of RLIMIT_DATA.
    public var dataLimit: UInt64?
    /// The process that started this one, and what to get when it ends.
    public var parent: Int32
    public var signalAtItsEnd: Int32
    /// The program and its arguments.
    public var command: [String]

    public init(membersFile: String?, dataLimit: UInt64?, parent: Int32, signalAtItsEnd: Int32, command: [String]) {
        self.membersFile = membersFile
        self.dataLimit = dataLimit
        self.parent = parent
        self.signalAtItsEnd = signalAtItsEnd
        self.command = command
    }

    /// Becomes the program; returns only by throwing.
    public func run() throws(Failure) -> Never {
        guard let path = command.first else { throw Failure(description: "no program is given") }
        _ = clinux_die_with_parent(signalAtItsEnd)
        // It may have ended before the line above.
        guard getppid() == parent else {
            throw Failure(description: "process \(parent), which started this, has ended")
        }
        if let membersFile, let error = GroupFiles().write("\(getpid())", to: membersFile) {
            throw Failure(description: "cannot join the control group \(membersFile): \(error)")
        }
        if let dataLimit { try limitData(to: dataLimit) }
        var pointers = command.map { strdup($0) } + [nil]
        execv(path, &pointers)
        throw Failure(description: "cannot run \(path): \(String(cString: strerror(errno)))")
    }

    private func limitData(to bytes: UInt64) throws(Failure) {
        // Stacks of threads count in full from their first moment, and are as large as this limit: 8 MiB each, else.
        var stack = rlimit(rlim_cur: Self.stack, rlim_max: Self.stack)
        setrlimit(__rlimit_resource_t(RLIMIT_STACK.rawValue), &stack)
        var data = rlimit(rlim_cur: rlim_t(bytes), rlim_max: rlim_t(bytes))
        guard setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &data) == 0 else {
            throw Failure(description: "cannot limit data to \(bytes) bytes: \(String(cString: strerror(errno)))")
        }
    }

    private static let stack: rlim_t = 1 << 20
}
