/// Things that will happen, by time; those of one time in the order in which they were added. A binary heap.
struct EventQueue<Event> {
    private struct Entry {
        let at: Double
        let number: UInt64
        let event: Event

        func isBefore(_ other: Entry) -> Bool {
            at != other.at ? at < other.at : number < other.number
        }
    }

    private var entries: [Entry] = []
    private var added: UInt64 = 0

    /// When the next one happens, in seconds; infinity when none will.
    var next: Double { entries.first?.at ?? .infinity }

    mutating func add(_ event: Event, at time: Double) {
        entries.append(Entry(at: time, number: added, event: event))
        added += 1
        var child = entries.count - 1
        while child > 0, entries[child].isBefore(entries[(child - 1) / 2]) {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func take() -> Event? {
        guard let first = entries.first else { return nil }
        let last = entries.removeLast()
        guard !entries.isEmpty else { return first.event }
        entries[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count {
                if entries[child].isBefore(entries[least]) { least = child }
            }
            guard least != parent else { return first.event }
            entries.swapAt(parent, least)
            parent = least
        }
    }

    mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
    }
}
