/// What the store knows, in memory: in force from the moment it is told, whatever the disk does.
struct StoreState: Sendable {
    struct Question: Sendable {
        let query: JournalQuery
        let ticket: StoreBatch.Ticket
    }

    private(set) var servers: [String: ServerRecord] = [:]
    private(set) var leases: [String: LeaseRecord] = [:]
    /// When Bookend started or stopped last, as far as the file knows.
    private(set) var lastRun: Event?
    /// Of an entry to come. It begins at the milliseconds since 1970, beyond what any life before has told: what was told is
    /// not always on disk when a process is killed, and no number is given twice.
    private var nextEntry: Int64
    /// Servers whose lease, or its end, is not on disk.
    private(set) var unwritten: Set<String> = []
    private var isLoaded = false
    private var waiting = StoreBatch()
    private var questions: [Question] = []
    private(set) var health: StoreHealth
    /// Reasons of the present trouble that were news.
    private var reasons: Set<String> = []
    var isStopped = false

    init(path: String, at time: WallTime) {
        health = StoreHealth(path: path)
        nextEntry = time.microseconds / 1_000
    }

    /// - Returns: the entry with its number, for those that follow from it.
    mutating func write(_ entry: (Int64) -> Event) -> Event {
        let entry = entry(nextEntry)
        nextEntry &+= 1
        if !waiting.add(entry) { health.lostEntries += 1 }
        return entry
    }

    mutating func take(_ order: StoreOrder, _ reply: @escaping @Sendable (StoreReply) -> Void) {
        switch order {
        case .server(let record):
            servers[record.key] = record
            waiting.set(record)
        case .lease(let lease, let ticket):
            leases[lease.key] = lease
            unwritten.insert(lease.key)
            waiting.set(.taken(lease), of: lease.key, StoreBatch.Ticket(number: ticket, reply: reply))
        case .leaseOver(let pool, let server, let ticket):
            let key = StoreKey.of(server: server, pool: pool)
            leases[key] = nil
            unwritten.insert(key)
            waiting.set(.over, of: key, StoreBatch.Ticket(number: ticket, reply: reply))
        case .page(let query, let ticket):
            guard questions.count < StoreLimits.waitingQuestions else { return reply(.page(nil, ticket: ticket)) }
            questions.append(Question(query: query, ticket: StoreBatch.Ticket(number: ticket, reply: reply)))
        }
    }

    /// The file is open. What was learned meanwhile is newer than what it holds; when it is opened again it gets all that
    /// is known, because it may be another file than before.
    ///
    /// - Returns: whether that is the first time.
    mutating func opened(_ found: StoreFile.Contents) -> Bool {
        guard !isLoaded else {
            for record in servers.values { waiting.set(record) }
            for lease in leases.values { waiting.set(.taken(lease), of: lease.key, nil) }
            return false
        }
        isLoaded = true
        lastRun = found.lastRun
        // The clock was set back.
        nextEntry = max(nextEntry, found.lastEntry &+ 1)
        for record in found.servers where servers[record.key] == nil { servers[record.key] = record }
        // One that was given back meanwhile waits to be removed.
        for lease in found.leases where waiting.leases[lease.key] == nil { leases[lease.key] = lease }
        return true
    }

    /// It is on disk, unless more came since.
    mutating func written(_ batch: StoreBatch) {
        for key in batch.leases.keys where waiting.leases[key] == nil { unwritten.remove(key) }
    }

    mutating func takeWaiting() -> StoreBatch {
        let taken = waiting
        waiting = StoreBatch()
        return taken
    }

    mutating func putBack(_ batch: StoreBatch, _ asked: [Question]) {
        health.lostEntries += waiting.putBack(batch)
        questions = asked + questions
    }

    mutating func takeTickets() -> [StoreBatch.Ticket] { waiting.takeTickets() }

    mutating func takeQuestions() -> [Question] {
        let taken = questions
        questions = []
        return taken
    }

    /// What is wrong from now on, or nil. Gives whether that is news: each reason is once, as two may take turns all night.
    mutating func turn(_ trouble: String?, at time: WallTime) -> Bool {
        guard trouble != health.trouble else { return false }
        if trouble == nil || health.trouble == nil { health.troubleSince = trouble == nil ? nil : time }
        health.trouble = trouble
        guard let trouble else {
            reasons = []
            return true
        }
        return reasons.count < StoreLimits.reasons && reasons.insert(trouble).inserted
    }

    mutating func movedAside(to path: String) {
        health.movedAside = path
    }
}
