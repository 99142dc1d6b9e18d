import BookendCore
import BookendLoop
import Glibc

/// The thread that writes. All that waits goes to the disk together, in one transaction; when that fails, it is tried
/// again every second with the file opened anew, so that a full disk that has room again, or another one that was mounted,
/// needs nobody.
struct StoreWriter {
    private let path: String
    private let store: Store
    private let kernel = Kernel()
    private var file: StoreFile?
    private var retryAt = Moment.origin
    private var pruneAt = Moment.origin
    /// Entries.
    private var writtenSincePrune = 0
    private var moveAgainAt = Moment.origin

    init(_ path: String, _ store: Store) {
        self.path = path
        self.store = store
    }

    /// Until the store is stopped.
    mutating func run() {
        // Then there is nothing to know: a start does not wait until it is made.
        if access(path, F_OK) != 0 { store.triedToLoad() }
        while true {
            let isLast = store.withState { $0.isStopped }
            if kernel.now() >= retryAt || isLast { attempt() }
            if file == nil { answerWithoutDisk() }
            // Unless a damaged file was moved aside: the new one is opened at once.
            if file == nil, retryAt > kernel.now() { store.triedToLoad() }
            if isLast { break }
            store.waitForWork(atMost: pause)
        }
        file?.close()
    }

    private var pause: TimeSpan { max(.milliseconds(1), (file == nil ? retryAt : pruneAt) - kernel.now()) }

    private mutating func attempt() {
        do {
            try turn()
            store.turn(nil)
        } catch {
            let failure = StoreFailure(error)
            file?.close()
            file = nil
            let now = kernel.now()
            retryAt = now + StoreLimits.retry
            if failure.isDamage, now >= moveAgainAt, moveAside(failure) {
                moveAgainAt = now + StoreLimits.betweenDamages
                retryAt = now
            } else {
                store.turn(failure.description)
            }
        }
    }

    private mutating func turn() throws {
        let file = try opened()
        // Together: who asks is to find what was told before.
        let (batch, questions) = store.withState { ($0.takeWaiting(), $0.takeQuestions()) }
        do {
            if !batch.isEmpty { try file.write(batch, at: .now) }
        } catch {
            store.withState { $0.putBack(batch, questions) }
            throw error
        }
        store.withState { $0.written(batch) }
        for ticket in batch.tickets { ticket.reply(.kept(ticket: ticket.number, isOnDisk: true)) }
        var failure: (any Error)?
        for question in questions {
            let page = Result { try file.page(question.query) }
            question.ticket.reply(.page(try? page.get(), ticket: question.ticket.number))
            if case .failure(let error) = page { failure = error }
        }
        if let failure { throw failure }
        writtenSincePrune += batch.entries.count
        try prune(file)
    }

    private mutating func opened() throws -> StoreFile {
        if let file { return file }
        let file = try StoreFile(path)
        do {
            let contents = try file.contents()
            if store.withState({ $0.opened(contents) }) { store.tell(.loaded) }
        } catch {
            file.close()
            throw error
        }
        self.file = file
        store.triedToLoad()
        pruneAt = kernel.now() + StoreLimits.pruneAgain
        return file
    }

    private mutating func prune(_ file: StoreFile) throws {
        guard kernel.now() >= pruneAt || writtenSincePrune >= StoreLimits.pruneStep else { return }
        writtenSincePrune = 0
        if file.isGone { throw StoreFailure("somebody removed it", isDamage: false) }
        let isMore = try file.prune(at: .now)
        pruneAt = kernel.now() + (isMore ? StoreLimits.pruneAgain : StoreLimits.prunePause)
    }

    /// They are told what holds: it does, in memory.
    private func answerWithoutDisk() {
        for ticket in store.withState({ $0.takeTickets() }) {
            ticket.reply(.kept(ticket: ticket.number, isOnDisk: false))
        }
        for question in store.withState({ $0.takeQuestions() }) {
            question.ticket.reply(.page(nil, ticket: question.ticket.number))
        }
    }

    /// Whoever wants to look at it finds it beside; the next damage replaces it. False when it cannot be moved.
    private func moveAside(_ failure: StoreFailure) -> Bool {
        let aside = path + ".damaged"
        guard rename(path, aside) == 0 else { return false }
        // The log of changes belongs to the damaged file: the new one must not find it.
        if rename(path + "-wal", aside + "-wal") != 0 { unlink(path + "-wal") }
        store.withState { $0.movedAside(to: aside) }
        store.tell(.movedAside(path: path, to: aside, failure.description))
        return true
    }
}
