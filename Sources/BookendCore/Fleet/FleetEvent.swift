/// What the fleet is told.
public enum FleetEvent: Sendable {
    /// Time passed; what the workers counted of each server, in the order of `FleetRules.servers`.
    case look([Signs])
    /// A request lost its connection, said at once.
    case lost(ServerID, Loss)
    case probed(ServerID, ProbeResult)
    /// A server, or an agent beside it, says what memory it uses.
    case reported(ServerID, MemoryReading)
    /// Its agent was asked, and answered.
    case advised(ServerID, AgentAnswer)
    /// A probe could not be made, for want of a descriptor for instance: it says nothing.
    case notProbed(ServerID)
    /// Of a pool: so many requests wait for a place now, and so many were refused for want of one since the last time.
    case pressed(PoolID, waiting: Int, refused: Int)
    /// A server's clean-up hook is over.
    case hookEnded(ServerID, hook: UInt64, HookResult)
}

/// What is to be done then.
public enum FleetAction: Sendable, Equatable {
    /// The result is owed as `FleetEvent.probed` or `.notProbed`.
    case probe(ServerID)
    /// One idempotent request goes there, to see how it is answered.
    case tryOut(ServerID)
    /// All workers pick by these from now on, in the order of `FleetRules.servers`.
    case publish([Standing])
    /// From now on so many requests may be in flight there.
    case limit(ServerID, ServerCap)
    /// In overload a request of this pool waits no longer.
    case wait(PoolID, TimeSpan)
    /// The server's clean-up hook is to be run; the result is owed as `FleetEvent.hookEnded`.
    case runHook(ServerID, hook: UInt64, why: String)
    case note(FleetNote)
}

/// Something that people will want to know, for the log and the journal.
public enum FleetNote: Sendable, Equatable {
    case server(ServerID, ServerHealth.State, Cause)
    /// Load is taken for the cause of its death: it had so many requests, and gets no more than `ceiling` from now on.
    case diedOfLoad(ServerID, inFlight: Int, ceiling: Int)
    /// Its share of the traffic was cut, or is whole again: of 256.
    case slow(ServerID, share: Int)
    /// Its agent takes it out, lets it in again, or has fallen silent.
    case advised(ServerID, AgentAdvice, isSilent: Bool)
    case backupsJoin(PoolID, [ServerID])
    case backupsLeave(PoolID)
    /// Nobody is healthy: whoever may still answer serves.
    case panic(PoolID)
    case panicOver(PoolID)
    /// A lease has entered this state.
    case lease(ServerID, Lease)
    case extended(ServerID, Lease)
    /// One was opened, or has become worse.
    case alarm(FleetAlarm)
    case alarmOver(FleetAlarm)
    /// A recycle has entered this phase.
    case recycle(Recycle)
}
