// What becomes of requests that no server has room for?
//
// They wait, briefly. A burst is waited out in the order of arrival. When whoever waits longest has waited for as long
// as a few answers take, and that stays so for an interval, the load is more than the servers can do: then waiting does
// not help, it only makes every answer late. So in overload a request waits no longer than an answer takes, the newest
// goes first (its client is still there), and refused at the door are those of low rank (`RankFloor`) and what clients
// ask for beyond their share (`ClientShares`). The shape is Controlled Delay (Nichols and Jacobson, 2012) with adaptive
// LIFO, as in Maurer, "Fail at Scale" (2015).
//
// Where answers take long, or nobody knows yet what they take, clients have less patience than the verdict takes, and in the
// order of arrival all would be served just when they leave. So clients that leave after a long wait tell too: the newest
// goes first as long as that goes on, and it counts as crowded.
//
// Critical requests are the exception: they wait ten times as long and go in the order of arrival, so that none of them is
// refused as long as they alone are not too many. Who came before the overload waits so long too: refused all at once,
// they would all ask again at once.
//
// When somebody waits and nothing is answered at all, the servers hang: nobody is served better by refusing others. Then
// everybody waits, until `deadline`.
//
// Constants: `patience` is 5 ms or what an answer takes when nothing waits, whichever is longer: shorter, and places of
// a server with two stay empty between arrivals. Crowded is a line in which somebody has waited for four of them, or that
// is half full; crowded for five, a second at least, is overload. With a line that was not empty instead of crowded
// 2.5 % were refused at 0.8 times the load; and a server that pauses for 300 ms, to collect its garbage for instance, is
// no overload (T14). With the newest first after a wait of 1.5 s instead, 2 % and not 0.4 % of those who are patient were
// refused at 0.8 times the load of a server that takes 0.3 s: the oldest wait on meanwhile, and look like an overload.
// Clients leave one by one: they leave as long as the last one did so within half of the interval. Servers that answer
// nobody for four patiences, 250 ms at least, hang.

/// The requests of one pool that wait for a place.
///
/// - calm → overloaded: crowded for an interval, while others were answered
/// - overloaded → calm: nobody had to be refused for an interval, or most of those who were served or turned
///   away at the door did not have to wait, or nobody is answered any more
public struct PoolQueue<Element> {
    /// A wait that people notice.
    private static var noticed: TimeSpan { .milliseconds(100) }
    public static var shortestPatience: TimeSpan { .milliseconds(5) }
    private static var crowd: Int64 { 4 }
    private static var crowdInterval: Int64 { 5 }
    private static var interval: Int64 { 10 }
    private static var shortestInterval: TimeSpan { .seconds(1) }
    private static var hang: Int64 { 4 }
    private static var shortestHang: TimeSpan { .milliseconds(250) }
    /// As many as the floor wants to wait at any moment.
    private static var fewWaiting: Int { Int(RankFloor.waiting) }

    /// How long a request waits in overload.
    public private(set) var patience: TimeSpan
    /// As said last: what an answer takes.
    private var answer: TimeSpan
    public private(set) var isOverloaded = false
    /// In calm a request waits so long at most.
    private var deadline: TimeSpan
    private var limit: Int
    private var line = WaitingLine()
    /// By the index of their tickets.
    private var elements: [Element?] = []
    private var floor: RankFloor
    /// Nil in calm.
    private var shares: ClientShares?
    /// Since when somebody waits for servers that do not hang.
    private var busySince: Moment?
    /// Nil in overload.
    private var crowdedSince: Moment?
    /// When a client last left that had waited for long.
    private var lastLeft: Moment?
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
        answer = .zero
        patience = min(deadline, Self.shortestPatience)
        floor = RankFloor(at: now)
        slack = Slack(at: now)
        refused = now
    }

    /// The configuration changed. Who waits, waits on.
    public mutating func follow(limit: Int, deadline: TimeSpan) {
        self.limit = limit
        self.deadline = deadline
        expect(answer)
    }

    public var count: Int { line.count }
    public var isEmpty: Bool { line.isEmpty }

    /// A slow answer is better than a longer wait.
    public func isPressed(at now: Moment) -> Bool {
        isOverloaded || busySince.map { now - $0 >= Self.noticed } ?? false
    }

    /// In the order of arrival many would be served in vain.
    public func isLate(at now: Moment) -> Bool {
        isOverloaded || clientsLeave(at: now)
    }

    /// What an answer of the pool's servers takes when nothing waits.
    public mutating func expect(_ answer: TimeSpan) {
        self.answer = answer
        patience = min(deadline, max(Self.shortestPatience, answer))
    }

    private var interval: TimeSpan { max(Self.shortestInterval, patiences(Self.interval)) }
    private var crowdInterval: TimeSpan { max(Self.shortestInterval, patiences(Self.crowdInterval)) }
    private var longestSilence: TimeSpan { max(Self.shortestHang, patiences(Self.hang)) }

    private func patiences(_ count: Int64) -> TimeSpan { TimeSpan(nanoseconds: count * patience.nanoseconds) }

    public func wait(_ ticket: WaitingTicket, at now: Moment) -> TimeSpan { now - line.since(ticket) }

    /// A client left before it had an answer. That says something about the line only if it had waited there for long.
    public mutating func clientLeft(after wait: TimeSpan, at now: Moment) {
        guard wait >= max(Self.noticed, patience) else { return }
        lastLeft = now
        settle(at: now)
    }

    private func clientsLeave(at now: Moment) -> Bool {
        lastLeft.map { now - $0 < TimeSpan(nanoseconds: crowdInterval.nanoseconds / 2) } ?? false
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
    public mutating func enter(_ element: Element, _ rank: Rank, at now: Moment) -> WaitingTicket? {
        guard line.count < limit else {
            refused = now
            return nil
        }
        busySince = busySince ?? now
        silentSince = silentSince ?? now
        let ticket = line.append(inLine(rank).priority, since: now)
        if ticket.index == elements.count { elements.append(element) } else { elements[ticket.index] = element }
        return ticket
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
    public func next(at now: Moment) -> (ticket: WaitingTicket, element: Element)? {
        let newestFirst = isLate(at: now)
        for priority in Priority.allCases.reversed() {
            let isInOrder = !newestFirst || priority == .critical
            let place = isInOrder ? line.oldest(priority) : line.newest(priority)
            if let place, let element = elements[place.index] { return (place, element) }
        }
        return nil
    }

    /// It got its place.
    public mutating func served(_ ticket: WaitingTicket, at now: Moment) {
        wasServed(atOnce: false)
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
    public mutating func remove(_ ticket: WaitingTicket, at now: Moment) {
        leave(ticket)
        settle(at: now)
    }

    /// Takes out one that has waited too long and is refused, the least important first. Call it until it gives nil.
    public mutating func overdue(at now: Moment) -> Element? {
        settle(at: now)
        for priority in Priority.allCases {
            if let late = late(priority, .earlier, at: now) ?? late(priority, .since, at: now) {
                refused = now
                return take(late)
            }
        }
        return nil
    }

    private func late(_ priority: Priority, _ part: WaitingLine.Part, at now: Moment) -> WaitingTicket? {
        line.oldest(priority, part).flatMap { now >= due($0, priority, part) ? $0 : nil }
    }

    /// When `overdue` is worth the next call.
    public func nextOverdue(after now: Moment) -> Moment? {
        var next = Moment.distantFuture
        for priority in Priority.allCases {
            if let oldest = line.oldest(priority, .earlier) { next = min(next, due(oldest, priority, .earlier)) }
            if let oldest = line.oldest(priority, .since) { next = min(next, due(oldest, priority, .since)) }
        }
        guard next < .distantFuture else { return nil }
        guard let crowdedSince, crowdedSince + crowdInterval > now else { return next }
        return min(next, crowdedSince + crowdInterval)
    }

    private func due(_ place: WaitingTicket, _ priority: Priority, _ part: WaitingLine.Part) -> Moment {
        guard isOverloaded else { return line.since(place) + deadline }
        let waitsLonger = priority == .critical || part == .earlier
        return line.since(place) + (waitsLonger ? min(deadline, interval) : patience)
    }

    /// The rank that a request has in line.
    private func inLine(_ rank: Rank) -> Rank { shares?.rank(of: rank) ?? rank }

    private mutating func take(_ ticket: WaitingTicket) -> Element {
        guard let element = elements[ticket.index] else { preconditionFailure("nobody waits there") }
        leave(ticket)
        return element
    }

    private mutating func leave(_ ticket: WaitingTicket) {
        elements[ticket.index] = nil
        line.remove(ticket)
        guard line.isEmpty else { return }
        busySince = nil
        crowdedSince = nil
        silentSince = nil
    }

    /// Whoever waits longest has waited for a few answers, or the line is so short that nobody can; or clients do not wait so long.
    private func isCrowded(at now: Moment) -> Bool {
        guard !isEmpty else { return false }
        return 2 * line.count >= limit || clientsLeave(at: now) || longestWait(at: now) >= patiences(Self.crowd)
    }

    /// For servers that did not hang.
    private func longestWait(at now: Moment) -> TimeSpan {
        guard let busySince else { return .zero }
        return Priority.allCases.reduce(.zero) { longest, priority in
            line.oldest(priority).map { max(longest, now - max(line.since($0), busySince)) } ?? longest
        }
    }

    private mutating func settle(at now: Moment) {
        let hangs = silentSince.map { now - $0 >= longestSilence } ?? false
        // Who has waited for servers that hang has not waited in a busy line.
        if hangs { busySince = now }
        if isOverloaded {
            guard hangs || slack.isSeen(patience: patience, at: now) || now - refused >= interval else { return }
            isOverloaded = false
            floor = RankFloor(at: now)
            shares = nil
        } else {
            crowdedSince = !hangs && isCrowded(at: now) ? crowdedSince ?? now : nil
            guard let crowdedSince, now - crowdedSince >= crowdInterval else { return }
            isOverloaded = true
            self.crowdedSince = nil
            line.overloadBegins()
            refused = now
            floor = RankFloor(at: now)
            slack = Slack(at: now)
            shares = ClientShares(at: now)
        }
    }
}
