import BookendLoop

/// The events and who listens to them.
final class EventLog {
    /// Minutes of a bad night, in less than half a mebibyte.
    private static let kept = 1_024
    static let mostSubscribers = 16

    private(set) var ring: EventRing
    private unowned let loop: Loop
    private var subscribers: [AdminConnection] = []
    /// Is told every event with its id.
    var told: (EventReport, String) -> Void = { _, _ in }
    /// Takes one line of text.
    let say: (String) -> Void

    init(on loop: Loop, say: @escaping (String) -> Void) {
        self.loop = loop
        self.say = say
        // Two lives never begin in the same nanosecond.
        ring = EventRing(life: String(loop.kernel.wallClock(), radix: 36), capacity: Self.kept)
    }

    var hasRoom: Bool { subscribers.count < Self.mostSubscribers }

    func append(_ report: EventReport) {
        told(report, ring.append(report))
        for subscriber in subscribers { loop.resumeLater(subscriber) }
    }

    func subscribe(_ connection: AdminConnection, after id: String?) -> EventSubscription {
        subscribers.append(connection)
        return EventSubscription(after: id, in: ring)
    }

    func unsubscribe(_ connection: AdminConnection) {
        subscribers.removeAll { $0 === connection }
    }
}
