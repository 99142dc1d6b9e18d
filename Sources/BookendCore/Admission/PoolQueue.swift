// What becomes of requests that no server has room for?
//
// They wait, briefly. A burst is waited out in the order of arrival. When the line has not been empty for an interval, and
// more came than chance explains (`BusySpell`), the load is more than the servers can do: then waiting does not help, it
// only makes every answer late. So in overload a request waits no longer than an answer takes, the newest goes first (its
// client is still there), and refused at the door are those of low rank (`RankFloor`) and what clients ask for beyond their
// share (`ClientShares`). The shape is Controlled Delay (Nichols and Jacobson, 2012) with adaptive LIFO, as in Maurer, "Fail
// at Scale" (2015).
//
// Critical requests are the exception: they wait ten times as long and go in the order of arrival, so that none of them is
// refused as long as they alone are not too many. Who came before the overload waits so long too: refused all at once,
// they would all ask again at once.
//
// When somebody waits and nothing is answered at all, the servers hang: nobody is served better by refusing others. Then
// everybody waits, until `deadline`. While nobody is let in, silence says nothing.
//
// Constants: `patience` is 5 ms or what an answer takes when nothing waits, whichever is longer: shorter, and places of
// a server with two stay empty between arrivals. The interval is ten patiences and a second at least: a server that pauses
// for 300 ms, to collect its garbage for instance, is no overload (T14; with 50 ms it cost thirty requests in ten minutes).
// Servers that answer nobody for four patiences, 250 ms at least, hang.

/// The requests of one pool that wait for a place.
///
/// - calm → overloaded: somebody has waited at every moment of an interval, while others were answered, and more came than
///   chance explains
/// - overloaded → calm: nobody had to be refused for an interval, or most of those who came did not have to wait, or
///   nobody is answered any more
public struct PoolQueue<Element> {
    /// Where a request waits; void once it was taken out.
    public struct Ticket: Sendable, Equatable {
        fileprivate let place: WaitingLine<Element>.Ticket
    }

    /// A wait that people notice.
    private static var noticed: TimeSpan { .milliseconds(100) }
    public static var shortestPatience: TimeSpan { .milliseconds(5) }
    private static var interval: Int64 { 10 }
    private static var shortestInterval: TimeSpan { .seconds(1) }
    private static var hang: Int64 { 4 }
    private static var shortestHang: TimeSpan { .milliseconds(250) }
    /// As many as the floor wants to wait at any moment.
    private static var fewWaiting: Int { Int(RankFloor.waiting) }

    /// How long a request waits in overload.
    public private(set) var patience: TimeSpan
    public var isOverloaded: Bool { overloadedSince != nil }
    /// In calm a request waits so long at most.
    private var deadline: TimeSpan
    private var limit: Int
    private var line = WaitingLine<Element>()
    private var floor: RankFloor
    /// Nil in calm.
    private var shares: ClientShares?
    /// Nil while nobody waits.
    private var busy: BusySpell?
    private var overloadedSince: Moment?
    private var refused: Moment
    private var slack: Slack
    /// Since when nothing is answered; nil while nobody waits, as nobody hears of answers then.
    private var silentSince: Moment?

    /// - Parameters:
    ///   - limit: as many may wait.
    ///   - deadline: the longest that a request waits.
    public init(limit: Int, deadline: TimeSpan, at now: Moment) {
        self.limit = limit
        self.deadline = deadline
        patience = Self.shortestPatience
        floor = RankFloor(at: now)
        slack = Slack(at: now)
        refused = now
    }

    /// The configuration changed. Who waits, waits on.
    public mutating func follow(limit: Int, deadline: TimeSpan) {
        self.limit = limit
        self.deadline = deadline
        patience = min(patience, max(deadline, Self.shortestPatience))
    }

    public var count: Int { line.count }
    public var isEmpty: Bool { line.isEmpty }

    /// A slow answer is better than a longer wait.
    public func isPressed(at now: Moment) -> Bool {
        isOverloaded || busy.map { now - $0.since >= Self.noticed } ?? false
    }

    /// What an answer of the pool's servers takes when nothing waits.
    public mutating func expect(_ answer: TimeSpan) {
        patience = min(deadline, max(Self.shortestPatience, answer))
    }

    private var interval: TimeSpan {
        max(Self.shortestInterval, TimeSpan(nanoseconds: Self.interval * patience.nanoseconds))
    }

    /// A request came. Why it is refused at once; nil when it may have a place, or wait for one.
    public mutating func arrived(_ rank: Rank, at now: Moment) -> Shed? {
        settle(at: now)
        guard isOverloaded else { return nil }
        // While few wait nothing is taken from anybody, and while nobody does no place is to stay empty: what the servers can do
        // may have grown since it was counted, and who was refused and asks again was counted twice.
        let isWithin = shares?.arrived(rank, patience: patience, at: now) ?? true
        guard isWithin || line.count < Self.fewWaiting else { return turnedAway(.client, at: now) }
        let rank = inLine(rank)
        floor.arrived(rank, patience: patience, at: now)
        return line.isEmpty || floor.admits(rank) ? nil : turnedAway(.rank, at: now)
    }

    private mutating func turnedAway(_ reason: Shed, at now: Moment) -> Shed {
        refused = now
        slack.turnedAway()
        return reason
    }

    /// It waits. Nil when too many do: it is refused.
    public mutating func enter(_ element: Element, _ rank: Rank, at now: Moment) -> Ticket? {
        guard line.count < limit else {
            refused = now
            return nil
        }
        busy = busy ?? BusySpell(at: now)
        busy?.came()
        silentSince = silentSince ?? now
        return Ticket(place: line.append(element, inLine(rank).priority, since: now))
    }

    /// Takes out one that is refused because too many wait, and matters less than one that comes now.
    public mutating func displaced(by rank: Rank, at now: Moment) -> Element? {
        guard line.count >= limit else { return nil }
        for priority in Priority.allCases where priority < inLine(rank).priority {
            guard let oldest = line.oldest(priority) else { continue }
            refused = now
            return take(oldest)
        }
        return nil
    }

    /// Whose turn it is when a place is free. It stays in line until it is removed.
    public func next() -> (ticket: Ticket, element: Element)? {
        for priority in Priority.allCases.reversed() {
            let isInOrder = !isOverloaded || priority == .critical
            let place = isInOrder ? line.oldest(priority) : line.newest(priority)
            if let place, let element = line.element(place) { return (Ticket(place: place), element) }
        }
        return nil
    }

    /// It got its place.
    public mutating func served(_ ticket: Ticket, at now: Moment) {
        wasServed(atOnce: false)
        busy?.wasServed()
        remove(ticket, at: now)
    }

    /// A server of the pool answered a request while somebody waited, here or in another worker; then or later.
    public mutating func answered(at moment: Moment) {
        guard let silentSince, moment > silentSince else { return }
        settle(at: moment)
        self.silentSince = moment
    }

    /// A request got a place without waiting. In calm nobody need tell.
    public mutating func servedAtOnce(at now: Moment) {
        wasServed(atOnce: true)
        settle(at: now)
    }

    private mutating func wasServed(atOnce: Bool) {
        guard isOverloaded else { return }
        floor.wasServed()
        shares?.wasServed()
        slack.served(atOnce: atOnce)
    }

    /// Its client has left, or it goes elsewhere.
    public mutating func remove(_ ticket: Ticket, at now: Moment) {
        line.remove(ticket.place)
        settle(at: now)
        noteEmpty()
    }

    /// Takes out one that has waited too long and is refused, the least important first. Call it until it gives nil.
    public mutating func overdue(at now: Moment) -> Element? {
        settle(at: now)
        for priority in Priority.allCases {
            guard let oldest = line.oldest(priority), now >= due(oldest, priority) else { continue }
            refused = now
            return take(oldest)
        }
        return nil
    }

    /// When `overdue` is worth the next call.
    public func nextOverdue(after now: Moment) -> Moment? {
        var next: Moment?
        for priority in Priority.allCases {
            guard let oldest = line.oldest(priority) else { continue }
            let due = due(oldest, priority)
            next = next.map { min($0, due) } ?? due
        }
        guard let due = next, !isOverloaded, let busy, busy.since + interval > now else { return next }
        return min(due, busy.since + interval)
    }

    private func due(_ place: WaitingLine<Element>.Ticket, _ priority: Priority) -> Moment {
        let since = line.since(place)
        guard let overloadedSince else { return since + deadline }
        let waitsLonger = priority == .critical || since < overloadedSince
        return since + (waitsLonger ? min(deadline, interval) : patience)
    }

    /// The rank that a request has in line.
    private func inLine(_ rank: Rank) -> Rank { shares?.rank(of: rank) ?? rank }

    private mutating func take(_ place: WaitingLine<Element>.Ticket) -> Element {
        let element = line.remove(place)
        noteEmpty()
        return element
    }

    private mutating func noteEmpty() {
        guard line.isEmpty else { return }
        busy = nil
        silentSince = nil
    }

    private var longestSilence: TimeSpan {
        max(Self.shortestHang, TimeSpan(nanoseconds: Self.hang * patience.nanoseconds))
    }

    private mutating func settle(at now: Moment) {
        let hangs = silentSince.map { now - $0 >= longestSilence } ?? false
        // Who has waited for servers that hang has not waited in a busy line.
        if hangs { busy = BusySpell(at: now) }
        if isOverloaded {
            guard hangs || slack.isSeen(patience: patience, at: now) || now - refused >= interval else { return }
            overloadedSince = nil
            floor = RankFloor(at: now)
            shares = nil
            // What waits now has not waited through a calm interval yet.
            if busy != nil { busy = BusySpell(at: now) }
        } else if let busy, now - busy.since >= interval, busy.isMoreThanChance {
            overloadedSince = now
            refused = now
            floor = RankFloor(at: now)
            slack = Slack(at: now)
            shares = ClientShares(at: now)
        }
    }
}
