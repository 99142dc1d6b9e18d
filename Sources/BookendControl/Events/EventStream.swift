import BookendLoop

/// The newest events and who listens to them.
final class EventStream {
    /// Minutes of a bad night, in less than half a mebibyte. What is older is in the journal.
    private static let kept = 1_024
    static let mostSubscribers = 16

    private(set) var ring = EventRing(capacity: kept)
    private let link: StoreLink
    private unowned let loop: Loop
    private var subscribers: [AdminConnection] = []
    /// Takes one line of text.
    let say: (String) -> Void

    init(_ link: StoreLink, on loop: Loop, say: @escaping (String) -> Void) {
        self.link = link
        self.loop = loop
        self.say = say
    }

    var hasRoom: Bool { subscribers.count < Self.mostSubscribers }

    func append(_ event: Event) {
        ring.append(event)
        for subscriber in subscribers { loop.resumeLater(subscriber) }
    }

    /// - Parameter page: takes the entries of the journal after that number; nil when it cannot be read now.
    func read(after number: Int64, page: @escaping (JournalPage?) -> Void) {
        let query = JournalQuery(since: nil, after: number, limit: StoreLimits.pageEntries)
        link.ask {
            .page(query, ticket: $0)
        } answered: { reply in
            guard case .page(let found, _) = reply else { return page(nil) }
            page(found)
        }
    }

    func subscribe(_ connection: AdminConnection, after id: String?) -> EventSubscription {
        subscribers.append(connection)
        return EventSubscription(after: id, in: ring)
    }

    func unsubscribe(_ connection: AdminConnection) {
        subscribers.removeAll { $0 === connection }
    }
}
