/// What waits for the disk. Bounded: states and leases replace those before, and of entries only so many wait.
struct StoreBatch: Sendable {
    enum Lease: Sendable {
        case taken(LeaseRecord)
        case over
    }

    /// Somebody who wants to know when it is written.
    struct Ticket: Sendable {
        let number: Int
        let reply: @Sendable (StoreReply) -> Void
    }

    private(set) var entries: [Event] = []
    private(set) var servers: [String: ServerRecord] = [:]
    private(set) var leases: [String: Lease] = [:]
    private(set) var tickets: [Ticket] = []

    var isEmpty: Bool { entries.isEmpty && servers.isEmpty && leases.isEmpty }

    /// False when too many wait.
    mutating func add(_ entry: Event) -> Bool {
        guard entries.count < StoreLimits.waitingEntries else { return false }
        entries.append(entry)
        return true
    }

    mutating func set(_ server: ServerRecord) {
        servers[server.key] = server
    }

    /// Without a ticket when too many wait: then nobody is told, and the caller gives up waiting.
    mutating func set(_ lease: Lease, of key: String, _ ticket: Ticket?) {
        leases[key] = lease
        if let ticket, tickets.count < StoreLimits.waitingTickets { tickets.append(ticket) }
    }

    /// Nobody waits for it any more; what is to be written stays.
    mutating func takeTickets() -> [Ticket] {
        let taken = tickets
        tickets = []
        return taken
    }

    /// It could not be written: it goes before what came since. Gives how many entries find no room.
    mutating func putBack(_ older: StoreBatch) -> Int {
        servers = older.servers.merging(servers) { _, newer in newer }
        leases = older.leases.merging(leases) { _, newer in newer }
        tickets = older.tickets + tickets
        let all = older.entries + entries
        entries = Array(all.prefix(StoreLimits.waitingEntries))
        return all.count - entries.count
    }
}
