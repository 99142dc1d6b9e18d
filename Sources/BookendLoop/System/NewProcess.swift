public import Glibc

/// A process that is started: in a group of its own, which a Ctrl-C at the terminal does not reach, and with signals as a
/// login shell's child has them.
public enum NewProcess {
    /// - Parameters:
    ///   - path: of the program; one without a slash is looked for in `PATH`.
    ///   - arguments: the first is its name.
    ///   - environment: of the form `NAME=value`; nil for this process's own.
    ///   - arrange: says what becomes of descriptors; those that are not named are inherited unless they close on exec.
    public static func spawn(
        _ path: String, _ arguments: [String], environment: [String]?,
        arrange: (inout posix_spawn_file_actions_t) -> Void
    ) throws(Errno) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        arrange(&actions)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var words = arguments.map { strdup($0) } + [nil]
        var variables = (environment ?? []).map { strdup($0) } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var id = pid_t()
        let status =
            environment == nil
            ? posix_spawnp(&id, path, &actions, &attributes, &words, environ)
            : posix_spawnp(&id, path, &actions, &attributes, &words, &variables)
        guard status == 0 else { throw Errno(status) }
        return id
    }
}
