/// The last events, ready to be sent, each at a place one higher than the one before. The oldest make room for new ones.
struct EventRing {
    private let capacity: Int
    /// The place of the oldest that is held.
    private(set) var first = 0
    private var events: [(id: Int64?, message: [UInt8])] = []
    /// The highest number that was seen.
    private(set) var lastID: Int64 = 0

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// The place of the next one.
    var next: Int { first + events.count }

    subscript(_ place: Int) -> [UInt8] { events[place - first].message }

    mutating func append(_ event: Event) {
        events.append((event.id, EventMessage.bytes(event)))
        lastID = max(lastID, event.id ?? 0)
        guard events.count > capacity else { return }
        events.removeFirst()
        first += 1
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
