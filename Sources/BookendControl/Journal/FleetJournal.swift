import BookendConfig
import BookendCore
import BookendProxy

/// The fleet's notes and overloads, for the log and for the journal.
final class FleetJournal {
    private let plan: Plan
    private let journal: Journal
    private let text: NoteText
    private let say: (String) -> Void
    /// Of each server, the entry about its state that came last: what follows names it.
    private var states: [Int64?]
    private var overloads: [RefusalWatch]
    private var began: [Int64?]
    /// Requests refused since the last look, by pool.
    private var refused: [UInt64]

    /// - Parameter say: takes one line of text.
    init(_ plan: Plan, _ journal: Journal, say: @escaping (String) -> Void) {
        self.plan = plan
        self.journal = journal
        self.say = say
        text = NoteText(plan)
        states = plan.servers.map { _ in nil }
        overloads = plan.pools.map { _ in RefusalWatch() }
        began = plan.pools.map { _ in nil }
        refused = plan.pools.map { _ in 0 }
    }

    func note(_ note: FleetNote) {
        guard let line = text.line(note) else { return }
        say(line)
        switch note {
        case .server(let id, let state, _):
            states[id.index] = write(.server, id, line, ["state": state.name], cause: states[id.index])
        case .diedOfLoad(let id, let inFlight, let ceiling):
            write(
                .cap, id, line, ["in_flight": "\(inFlight)", "cap": "\(ceiling)"], cause: states[id.index])
        case .slow(let id, let share):
            write(.slow, id, line, ["share": "\(share)", "of": "\(Standing.wholeShare)"], cause: nil)
        case .backupsJoin(let id, let backups):
            let names = backups.map { plan.servers[$0.index].name }.joined(separator: " ")
            write(.backups, id, line, ["servers": names], cause: nil)
        case .backupsLeave(let id): write(.backups, id, line, [:], cause: nil)
        case .panic(let id), .panicOver(let id): write(.panic, id, line, [:], cause: nil)
        }
    }

    /// - Parameter counts: requests refused for want of a place, by pool, since they were said last.
    func refused(_ counts: [UInt64]) {
        for index in refused.indices { refused[index] &+= counts[index] }
    }

    /// Overloads that began or ended.
    func look(at now: Moment) {
        for index in overloads.indices {
            let change = overloads[index].see(refused[index], at: now)
            refused[index] = 0
            guard let change else { continue }
            let line = text.overload(PoolID(index: index), change)
            say(line)
            switch change {
            case .began: began[index] = write(.overload, PoolID(index: index), line, [:], cause: nil)
            case .ended(let span, let count):
                write(
                    .overload, PoolID(index: index), line,
                    ["refused": "\(count)", "seconds": "\(span.inSeconds)"], cause: began[index])
            }
        }
    }

    @discardableResult
    private func write(
        _ kind: JournalEntry.Kind, _ id: ServerID, _ line: String, _ detail: [String: String], cause: Int64?
    ) -> Int64 {
        let server = plan.servers[id.index]
        return journal.write(
            kind, pool: plan.pools[server.pool.index].pool.name, server: server.name, line, detail: detail, cause: cause
        )
    }

    @discardableResult
    private func write(
        _ kind: JournalEntry.Kind, _ id: PoolID, _ line: String, _ detail: [String: String], cause: Int64?
    ) -> Int64 {
        journal.write(
            kind, pool: plan.pools[id.index].pool.name, server: nil, line, detail: detail, cause: cause)
    }
}
