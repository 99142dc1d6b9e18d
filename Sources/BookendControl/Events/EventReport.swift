/// Something that happened to the fleet, as `GET /v1/events` tells it.
struct EventReport: Encodable {
    enum Kind: String, Encodable, CaseIterable {
        case serverState = "server_state"
        /// A slow server's share was cut, or is whole again.
        case serverShare = "server_share"
        /// A server died under load, and gets less from now on.
        case capCut = "cap_cut"
        /// What a server's agent says has taken it out or brings it back (`agent-check`), or it has been silent for a minute.
        case agentAdvice = "agent_advice"
        case backupsJoined = "backups_joined"
        case backupsLeft = "backups_left"
        case panicBegan = "panic_began"
        case panicEnded = "panic_ended"
        /// Requests are refused for want of a place, or are not any more.
        case sheddingBegan = "shedding_began"
        case sheddingEnded = "shedding_ended"
        /// A server's lease has entered a state, or lasts longer.
        case lease
        case leaseExtended = "lease_extended"
        /// A recycle has entered a phase.
        case recycle
        case alarmBegan = "alarm_began"
        case alarmEnded = "alarm_ended"
    }

    /// RFC 3339, in UTC.
    let at: String
    let kind: Kind
    let pool: String
    var server: String?
    var servers: [String]?
    var state: String?
    var why: String?
    var share: Double?
    /// Requests that may be in flight.
    var cap: Int?
    /// Of a lease.
    var owner: String?
    /// Of a recycle's hook: how it ended, and the end of what it wrote.
    var hook: String?
    var output: String?
    /// Of an alarm: its kind, and whether somebody has to be woken.
    var alarm: String?
    var severity: String?
    /// Requests refused since it began.
    var shed: UInt64?
}
