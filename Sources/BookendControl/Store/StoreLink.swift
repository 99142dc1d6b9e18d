import BookendCore
import BookendLoop

/// The control loop's way to the store: what it asks is answered in a later turn.
final class StoreLink {
    private let store: Store
    private let loop: Loop
    private var waiting: [Int: (StoreReply?) -> Void] = [:]
    private var lastTicket = 0
    private var replies: Mailbox<StoreReply>?

    init(_ store: Store, on loop: Loop) throws(Errno) {
        self.store = store
        self.loop = loop
        replies = try Mailbox<StoreReply>(on: loop) { [unowned self] in take($0) }
    }

    /// - Parameters:
    ///   - order: with the ticket that it gets.
    ///   - answered: called once; with nil when no answer came in time, or too many wait for one.
    func ask(_ order: (Int) -> StoreOrder, answered: @escaping (StoreReply?) -> Void) {
        lastTicket &+= 1
        let ticket = lastTicket
        // Whoever may not wait is told so; what is ordered is done all the same.
        guard let replies, waiting.count < StoreLimits.waitingTickets else {
            store.take(order(ticket)) { _ in }
            return answered(nil)
        }
        waiting[ticket] = answered
        store.take(order(ticket)) { replies.post($0) }
        _ = Alarm(on: loop, at: loop.now + StoreLimits.patienceForReply) { [weak self] in
            self?.waiting.removeValue(forKey: ticket)?(nil)
        }
    }

    private func take(_ reply: StoreReply) {
        switch reply {
        case .kept(let ticket, _), .page(_, let ticket): waiting.removeValue(forKey: ticket)?(reply)
        }
    }
}
