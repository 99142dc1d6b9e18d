/// What the store knows, in memory: in force from the moment it is told, whatever the disk does.
struct StoreState: Sendable {
    struct Question: Sendable {
        let query: JournalQuery
        let ticket: StoreBatch.Ticket
    }

    private(set) var servers: [String: ServerRecord] = [:]
    private(set) var leases: [String: LeaseRecord] = [:]
    /// When Bookend started or stopped last, as far as the file knows.
    private(set) var lastRun: JournalEntry?
    private var nextEntry: Int64 = 1
    /// Added to the numbers of entries, which began at 1 because the file could not be read then.
    private(set) var shift: Int64 = 0
    private var isLoaded = false
    private var waiting = StoreBatch()
    private var questions: [Question] = []
    private(set) var health: StoreHealth
    var isStopped = false

    init(path: String) {
        health = StoreHealth(path: path)
    }

    /// - Returns: the entry's number, for those that follow from it.
    mutating func write(_ entry: (Int64) -> JournalEntry) -> Int64 {
        defer { nextEntry += 1 }
        if !waiting.add(entry(nextEntry)) { health.lostEntries += 1 }
        return nextEntry
    }

    mutating func take(_ order: StoreOrder, _ reply: @escaping @Sendable (StoreReply) -> Void) {
        switch order {
        case .server(let record):
            servers[record.key] = record
            waiting.set(record)
        case .lease(let lease, let ticket):
            leases[lease.key] = lease
            waiting.set(.taken(lease), of: lease.key, StoreBatch.Ticket(number: ticket, reply: reply))
        case .leaseOver(let pool, let server, let ticket):
            let key = StoreKey.of(server: server, pool: pool)
            leases[key] = nil
            waiting.set(.over, of: key, StoreBatch.Ticket(number: ticket, reply: reply))
        case .page(let query, let ticket):
            guard questions.count < StoreLimits.waitingQuestions else { return reply(.page(nil, ticket: ticket)) }
            questions.append(Question(query: query, ticket: StoreBatch.Ticket(number: ticket, reply: reply)))
        }
    }

    /// The file is open. What was learned meanwhile is newer than what it holds; when it is opened again it gets all that
    /// is known, because it may be another file than before.
    ///
    /// - Returns: leases that ended while nobody was there.
    mutating func opened(_ found: StoreFile.Contents, at time: WallTime) -> [LeaseRecord] {
        guard !isLoaded else {
            for record in servers.values { waiting.set(record) }
            for lease in leases.values { waiting.set(.taken(lease), of: lease.key, nil) }
            return []
        }
        isLoaded = true
        lastRun = found.lastRun
        if nextEntry == 1 { nextEntry = found.lastEntry &+ 1 } else { shift = found.lastEntry }
        for record in found.servers where servers[record.key] == nil { servers[record.key] = record }
        for lease in found.leases where leases[lease.key] == nil && lease.endsAt > time { leases[lease.key] = lease }
        return found.leases.filter { $0.endsAt <= time }
    }

    /// It ended by itself: nobody waits to hear of it.
    mutating func over(_ lease: LeaseRecord) {
        waiting.set(.over, of: lease.key, nil)
    }

    mutating func takeWaiting() -> StoreBatch {
        let taken = waiting
        waiting = StoreBatch()
        return taken
    }

    mutating func putBack(_ batch: StoreBatch) {
        health.lostEntries += waiting.putBack(batch)
    }

    mutating func takeTickets() -> [StoreBatch.Ticket] { waiting.takeTickets() }

    mutating func takeQuestions() -> [Question] {
        let taken = questions
        questions = []
        return taken
    }

    /// What is wrong from now on, or nil. Gives whether that is news.
    mutating func turn(_ trouble: String?, at time: WallTime) -> Bool {
        guard trouble != health.trouble else { return false }
        if trouble == nil || health.trouble == nil { health.troubleSince = trouble == nil ? nil : time }
        health.trouble = trouble
        return true
    }

    mutating func movedAside(to path: String) {
        health.movedAside = path
    }
}
