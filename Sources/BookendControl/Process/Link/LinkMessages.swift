// What the supervisor and its worker process tell each other, over a pair of sockets that the two alone have. The supervisor
// reads the configuration and holds the listening sockets; the worker process serves with them and takes commands:
//
//     worker process                       supervisor
//     ── serving ─────────────────────────▶
//     ── reload(7) ───────────────────────▶  reads and checks the file, binds what is new
//     ◀──────────────── sockets(listener 1)
//     ◀──────────────────── change(upTo: 7)  or refused(upTo: 7, why)
//        makes the new plan, swaps it
//     ── done ────────────────────────────▶  holds the new sockets, lets go of the old ones
//
// The worker process rings with SIGUSR1, for which the supervisor waits anyway. A reload by SIGHUP begins in the middle.

/// From the worker process.
enum ToSupervisor: Codable, Sendable, Equatable {
    /// It serves. Said again and again where a watchdog wants to know.
    case serving
    /// Somebody asks for a reload: the command of that number.
    case reload(Int)
    /// What the last `change` came to: in force, or refused for a reason. Either way the configuration on both sides is
    /// the same again.
    case done(refusal: String?)
}

/// To the worker process.
enum ToWorker: Codable, Sendable, Equatable {
    /// The sockets of a new listener, one for each worker, come with it; its place in the configuration to come.
    case sockets(listener: Int)
    /// The new configuration comes with it, as a file in memory.
    ///
    /// - upTo: commands up to this number are served by it.
    /// - kept: for each listener its place in the configuration before; nil for those whose sockets have come.
    case change(upTo: Int, kept: [Int?])
    /// The file cannot be used; why, in words. Nothing has changed.
    case refused(upTo: Int, String)
}
