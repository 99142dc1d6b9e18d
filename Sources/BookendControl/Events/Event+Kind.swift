extension Event.Kind {
    // Of Bookend.
    public static let start = Self(rawValue: "start")
    public static let stop = Self(rawValue: "stop")
    /// As it is in force from then on.
    public static let configuration = Self(rawValue: "configuration")
    /// A worker process died, and another one serves.
    public static let process = Self(rawValue: "process")
    /// Of the state folder itself.
    public static let store = Self(rawValue: "store")

    // Of servers.
    public static let serverState = Self(rawValue: "server_state")
    /// A slow server's share was cut, or is whole again.
    public static let serverShare = Self(rawValue: "server_share")
    /// Load killed a server: it gets less from now on.
    public static let capCut = Self(rawValue: "cap_cut")
    /// What a server's agent says has taken it out or brings it back (`agent-check`), or it has been silent for a minute.
    public static let agentAdvice = Self(rawValue: "agent_advice")

    /// A server has come to a pool, or left it, by the file or by a command.
    public static let serverAdded = Self(rawValue: "server_added")
    public static let serverRemoved = Self(rawValue: "server_removed")

    // Of pools.
    public static let backupsJoined = Self(rawValue: "backups_joined")
    public static let backupsLeft = Self(rawValue: "backups_left")
    public static let panicBegan = Self(rawValue: "panic_began")
    public static let panicEnded = Self(rawValue: "panic_ended")
    /// Requests are refused for want of a place, or are not any more.
    public static let sheddingBegan = Self(rawValue: "shedding_began")
    public static let sheddingEnded = Self(rawValue: "shedding_ended")

    // Of operators.
    /// A server's lease has entered a state.
    public static let lease = Self(rawValue: "lease")
    public static let leaseExtended = Self(rawValue: "lease_extended")
    /// The N-1 guard did not let a server go.
    public static let leaseRefused = Self(rawValue: "lease_refused")

    /// A recycle has entered a phase.
    public static let recycle = Self(rawValue: "recycle")

    public static let alarmBegan = Self(rawValue: "alarm_began")
    public static let alarmEnded = Self(rawValue: "alarm_ended")

    /// Those that this version tells.
    static let all: [Event.Kind] = [
        .start, .stop, .configuration, .process, .store, .serverState, .serverShare, .capCut, .agentAdvice,
        .serverAdded, .serverRemoved, .backupsJoined, .backupsLeft, .panicBegan, .panicEnded, .sheddingBegan,
        .sheddingEnded, .lease, .leaseExtended,
        .leaseRefused, .recycle, .alarmBegan, .alarmEnded,
    ]

    /// The supervisor has said it already.
    var isOfProcess: Bool { [.start, .stop, .configuration, .process].contains(self) }
}
