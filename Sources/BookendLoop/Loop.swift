public import BookendCore
import CLinux
import Glibc

/// An edge-triggered epoll loop for one thread: sources in, edges and deadlines out. Not shared between threads; others
/// reach it through a `Mailbox`.
public final class Loop {
    /// Events fetched by one wait.
    private static let batch = 256

    private struct Slot {
        var source: EventSource?
        var generation: UInt32 = 0
    }

    public let kernel: Kernel
    public let buffers = BufferPool()
    /// The time of this turn of the loop; read once per turn.
    public var now: Moment { turnBegan }
    /// Called at the end of every turn, after all edges and deadlines.
    public var turnEnded: () -> Void = {}

    // Not visible outside: only then can the compiler see that no access to it overlaps another.
    private var turnBegan: Moment
    private let epoll: FileDescriptor
    private let events = UnsafeMutableBufferPointer<epoll_event>.allocate(capacity: batch)
    private var slots: [Slot] = []
    private var freeSlots: [UInt32] = []
    // Unchecked: the wheel calls nothing back (measured: docs/performance.md).
    @exclusivity(unchecked) private var timers: TimerWheel
    private var due: [Int] = []
    private var resumptions: [EventSource.Place] = []
    private var isStopped = false

    public init(kernel: Kernel = Kernel()) throws(Errno) {
        let raw = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard raw >= 0 else { throw .last }
        epoll = FileDescriptor(owning: raw)
        self.kernel = kernel
        turnBegan = kernel.now()
        timers = TimerWheel(now: turnBegan)
    }

    deinit {
        // Sources give memory back as they go: they go before the pool does.
        turnEnded = {}
        slots.removeAll()
        events.deallocate()
    }

    /// Number of sources.
    public var count: Int { slots.count - freeSlots.count }

    /// Begins to tell `source` about a connected stream, in both directions.
    public func add(_ source: EventSource, stream: Int32) throws(Errno) {
        try add(source, stream, events: Readiness.stream)
    }

    /// Begins to tell `source` about input on a listener, an eventfd or a signalfd.
    public func add(_ source: EventSource, input: Int32) throws(Errno) {
        try add(source, input, events: Readiness.input)
    }

    /// A source that has only deadlines and turns.
    public func add(_ source: EventSource) {
        takeSlot(for: source)
    }

    /// Forgets the source and its deadline. The caller closes the descriptor, which ends its registration.
    public func remove(_ source: EventSource) {
        let place = source.place
        guard place != .nowhere else { return }
        source.place = .nowhere
        source.isDue = false
        source.isResuming = false
        let index = Int(place.slot)
        timers.clear(index)
        slots[index] = Slot(source: nil, generation: slots[index].generation &+ 1)
        freeSlots.append(place.slot)
    }

    /// Forgets a source whose descriptor lives on elsewhere, in another process for instance: closing ours would not end
    /// its registration (epoll(7), "Questions and answers", 6).
    public func remove(_ source: EventSource, input descriptor: Int32) {
        kernel.deregister(descriptor, from: epoll.raw)
        remove(source)
    }

    /// Sets the source's one deadline, in place of the one before, even if that has passed in this very turn and its
    /// call is still to come; `.distantFuture` is none.
    public func setDeadline(_ deadline: Moment, for source: EventSource) {
        guard source.place != .nowhere else { return }
        source.isDue = false
        timers.set(Int(source.place.slot), to: deadline)
    }

    /// Lets the source go on in the next turn, after the others had theirs: for work that is too long for one. Asking
    /// twice is asking once.
    public func resumeLater(_ source: EventSource) {
        guard source.place != .nowhere, !source.isResuming else { return }
        source.isResuming = true
        resumptions.append(source.place)
    }

    public func stop() {
        isStopped = true
    }

    /// Runs until `stop()`.
    public func run() throws(Errno) {
        while !isStopped { try turn() }
    }

    /// Waits for events, at most until the next deadline or `limit`, and handles them.
    public func turn(limit: TimeSpan? = nil) throws(Errno) {
        let waiting = resumptions.count
        switch kernel.wait(epoll: epoll.raw, for: waitingTime(limit), into: events) {
        case .success(let count):
            turnBegan = kernel.now()
            for index in 0..<count { dispatch(events[index]) }
        case .failure(.interrupted):
            turnBegan = kernel.now()
        case .failure(let error):
            throw error
        }
        expireDeadlines()
        resume(waiting)
        turnEnded()
    }

    private func waitingTime(_ limit: TimeSpan?) -> TimeSpan? {
        if !resumptions.isEmpty { return .zero }
        guard let wake = timers.nextWake else { return limit }
        // `now` may be a turn old; a wait that is short by that is harmless, one that is long is late.
        let wait = wake - kernel.now()
        return limit.map { min($0, wait) } ?? wait
    }

    private func dispatch(_ event: epoll_event) {
        var event = event
        let place = EventSource.Place(token: clinux_epoll_token(&event))
        source(at: place)?.ready(Readiness(rawValue: event.events))
    }

    private func expireDeadlines() {
        timers.expire(now: now, into: &due)
        guard !due.isEmpty else { return }
        for slot in due { slots[slot].source?.isDue = true }
        // A callback may remove or postpone others that are due, and their slots be taken anew: that ends the mark.
        for index in due.indices {
            guard let source = slots[due[index]].source, source.isDue else { continue }
            source.isDue = false
            source.deadlinePassed()
        }
        due.removeAll(keepingCapacity: true)
    }

    /// Only the `waiting` who asked before this turn: whoever asks in it waits for the next.
    private func resume(_ waiting: Int) {
        guard waiting > 0 else { return }
        for index in 0..<waiting {
            let place = resumptions[index]
            guard let source = source(at: place) else { continue }
            source.isResuming = false
            source.resumed()
        }
        resumptions.removeFirst(waiting)
    }

    private func source(at place: EventSource.Place) -> EventSource? {
        guard Int(place.slot) < slots.count, slots[Int(place.slot)].generation == place.generation else { return nil }
        return slots[Int(place.slot)].source
    }

    private func add(_ source: EventSource, _ descriptor: Int32, events: UInt32) throws(Errno) {
        takeSlot(for: source)
        if let error = kernel.register(descriptor, with: epoll.raw, events: events, token: source.place.token) {
            remove(source)
            throw error
        }
    }

    private func takeSlot(for source: EventSource) {
        precondition(source.place == .nowhere, "a source is added once")
        if let free = freeSlots.popLast() {
            slots[Int(free)].source = source
            source.place = EventSource.Place(slot: free, generation: slots[Int(free)].generation)
        } else {
            slots.append(Slot(source: source))
            source.place = EventSource.Place(slot: UInt32(slots.count - 1), generation: 0)
        }
    }
}
