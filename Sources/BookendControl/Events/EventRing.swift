/// The last events, ready to be sent, each at a place one higher than the one before. The oldest make room for new ones: there
/// are never more of them, and never more bytes, than it may hold.
struct EventRing {
    private let capacity: Int
    private let most: Int
    /// The place of the oldest that is held.
    private(set) var first = 0
    private var events: [(id: Int64?, message: [UInt8])] = []
    /// The highest number that was seen.
    private(set) var lastID: Int64 = 0
    /// Of all messages.
    private(set) var bytes = 0

    /// - Parameters:
    ///   - capacity: events, one at least.
    ///   - bytes: of their messages.
    init(capacity: Int, bytes: Int) {
        self.capacity = capacity
        most = bytes
    }

    /// The place of the next one.
    var next: Int { first + events.count }

    subscript(_ place: Int) -> [UInt8] { events[place - first].message }

    mutating func append(_ event: Event) {
        let message = EventMessage.bytes(event)
        events.append((event.id, message))
        bytes += message.count
        lastID = max(lastID, event.id ?? 0)
        while events.count > capacity || bytes > most, !events.isEmpty {
            bytes -= events.removeFirst().message.count
            first += 1
        }
    }

    /// Where the events after that number begin; nil when some of them may not be held.
    func place(after id: Int64) -> Int? {
        guard let oldest = events.lazy.compactMap(\.id).first, id >= oldest - 1 else { return nil }
        return placeHeld(after: id)
    }

    /// The same when all that are not held are known from elsewhere.
    func placeHeld(after id: Int64) -> Int {
        first + (events.firstIndex { $0.id.map { $0 > id } ?? false } ?? events.count)
    }
}
