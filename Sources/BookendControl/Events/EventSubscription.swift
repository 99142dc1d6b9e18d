/// Where one subscriber stands. It holds no events of its own but one page of the journal, so a slow one costs little; one
/// that is overtaken by the ring is told so and dropped, and may come back and go on.
struct EventSubscription {
    private enum Stage {
        /// Reads the journal, after this number, until the ring reaches as far back.
        case reading(after: Int64, isAsked: Bool)
        /// At this place in the ring.
        case following(Int)
        /// The last word was given.
        case over
    }

    /// Sent at a time.
    private static let most = 65_536

    private var stage: Stage
    private var waiting = Array("retry: 2000\n\n".utf8)
    /// The number that it came with.
    private let began: Int64

    /// - Parameter id: of the last event that it got before; nil to begin with what happens from now on.
    init(after id: String?, in ring: EventRing) {
        began = id.flatMap { Int64($0) } ?? -1
        if id == nil {
            stage = .following(ring.next)
        } else if began < 0 || began > ring.lastID {
            stage = .following(ring.first)
            miss("there is no event \(Self.printable(id ?? "")): the journal is another one")
        } else {
            stage = ring.place(after: began).map { .following($0) } ?? .reading(after: began, isAsked: false)
        }
    }

    var isOver: Bool { if case .over = stage { true } else { false } }

    /// The number after which entries of the journal are wanted; asked for once.
    mutating func wanted() -> Int64? {
        guard case .reading(let number, isAsked: false) = stage, waiting.isEmpty else { return nil }
        stage = .reading(after: number, isAsked: true)
        return number
    }

    /// - Parameter page: what was wanted; nil when the journal cannot be read now.
    mutating func take(_ page: JournalPage?, _ ring: EventRing) {
        guard case .reading(let number, isAsked: true) = stage else { return }
        guard let page else {
            miss("the journal cannot be read now")
            stage = .following(ring.first)
            return
        }
        // From the beginning is from wherever the journal begins.
        if number == began, number > 0, let oldest = page.oldest, oldest > number {
            miss("events after \(number) are not kept any more")
        }
        for entry in page.entries { waiting += EventMessage.bytes(entry) }
        let last = page.entries.last?.id ?? number
        if let place = ring.place(after: last) {
            stage = .following(place)
        } else if page.more {
            stage = .reading(after: last, isAsked: false)
        } else if ring.first == 0 {
            // All that this process told is held, on disk or not.
            stage = .following(ring.placeHeld(after: last))
        } else {
            miss("the disk could not take events as fast as they came")
            stage = .following(ring.first)
        }
    }

    /// What is to be sent next; nil while there is nothing.
    mutating func next(in ring: EventRing) -> [UInt8]? {
        if !waiting.isEmpty {
            defer { waiting = [] }
            return waiting
        }
        guard case .following(var place) = stage else { return nil }
        guard place >= ring.first else {
            stage = .over
            return EventMessage.bytes(
                of: "dropped", because: "too slow: \(ring.first - place) events were overwritten; come back")
        }
        var bytes: [UInt8] = []
        while place < ring.next, bytes.count < Self.most {
            bytes += ring[place]
            place += 1
        }
        stage = .following(place)
        return bytes.isEmpty ? nil : bytes
    }

    private mutating func miss(_ reason: String) {
        waiting += EventMessage.bytes(of: "missed", because: reason)
    }

    /// What a client sent, cut to what an id can be.
    private static func printable(_ id: String) -> String {
        String(
            id.unicodeScalars.prefix(40).map { $0.isASCII && $0.value > 0x20 && $0.value < 0x7F ? Character($0) : "?" })
    }
}
