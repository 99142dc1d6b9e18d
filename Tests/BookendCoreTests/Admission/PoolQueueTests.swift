import Testing

@testable import BookendCore

@Suite("Who waits for a place")
struct PoolQueueTests {
    private let origin = Moment(nanoseconds: 1_000_000_000_000)
    private let rank = Rank(.normal, client: 0)

    private func moment(_ milliseconds: Int64) -> Moment { origin + .milliseconds(milliseconds) }

    private func queue(limit: Int = 1_000, patience: Int64 = 20) -> PoolQueue<Int> {
        var queue = PoolQueue<Int>(limit: limit, deadline: .seconds(10), at: origin)
        queue.expect(.milliseconds(patience))
        return queue
    }

    /// Somebody has waited for four answers, and so for a second, while others were answered, and one more has come.
    private func overloaded() -> PoolQueue<Int> {
        var queue = queue()
        for number in 0..<10 { _ = queue.enter(number, rank, at: Moment(nanoseconds: origin.nanoseconds - 80_000_000)) }
        for time in stride(from: 0, through: 980, by: 140) { queue.answered(at: moment(Int64(time))) }
        _ = queue.arrived(rank, at: moment(1_000))
        #expect(queue.isOverloaded)
        return queue
    }

    private func overdue(_ queue: inout PoolQueue<Int>, at now: Moment) -> Int? { queue.overdue(at: now) }

    @Test("In calm the oldest goes first, and nobody is refused before the deadline")
    func calm() throws {
        var queue = queue()
        for number in 0..<3 { _ = queue.enter(number, rank, at: moment(Int64(number))) }
        let first = try #require(queue.next(at: moment(150)))
        #expect(first.element == 0)
        queue.served(first.ticket, at: moment(150))
        #expect(queue.next(at: moment(150))?.element == 1 && queue.count == 2)
        let overdue = queue.overdue(at: moment(190))
        #expect(overdue == nil)
    }

    @Test(
        "When clients leave after a long wait the newest goes first, though it is no overload yet; critical requests in order"
    )
    func leaving() throws {
        var queue = queue(patience: 300)
        for number in 0..<3 { _ = queue.enter(number, rank, at: moment(Int64(number))) }
        queue.clientLeft(after: .milliseconds(299), at: moment(900))
        #expect(queue.next(at: moment(900))?.element == 0, "it had not waited for long")
        queue.clientLeft(after: .milliseconds(300), at: moment(900))
        #expect(queue.next(at: moment(900))?.element == 2)
        for number in 3..<5 { _ = queue.enter(number, Rank(.critical, client: 0), at: moment(900)) }
        #expect(queue.next(at: moment(900))?.element == 3)
        for _ in 0..<2 { queue.remove(try #require(queue.next(at: moment(900))).ticket, at: moment(900)) }
        #expect(queue.next(at: moment(1_649))?.element == 2)
        #expect(queue.next(at: moment(1_650))?.element == 0, "nobody has left for half of an interval")
        #expect(!queue.isOverloaded)
    }

    @Test(
        "Clients that leave tell that it is overload, as long as they do",
        arguments: [(every: 400, isOverload: true), (800, false)])
    func leavingForLong(every: Int, isOverload: Bool) {
        var queue = queue(patience: 300)
        for time in stride(from: Int64(0), through: 1_600, by: every) {
            _ = queue.enter(Int(time), rank, at: moment(time))
            queue.answered(at: moment(time))
            queue.clientLeft(after: .milliseconds(500), at: moment(time))
            while let (ticket, _) = queue.next(at: moment(time)), queue.count > 1 {
                queue.served(ticket, at: moment(time))
            }
        }
        #expect(queue.isOverloaded == isOverload)
    }

    @Test(
        "When somebody has waited for four answers, at every moment of an interval, it is overload: the newest goes first"
    )
    func overload() {
        var queue = overloaded()
        _ = queue.enter(99, rank, at: moment(1_001))
        #expect(queue.next(at: moment(1_001))?.element == 99)
    }

    @Test("In overload those who waited longer than an answer takes are refused, the oldest first")
    func patience() {
        var queue = overloaded()
        _ = queue.enter(99, rank, at: moment(1_001))
        var refused: [Int] = []
        while let element = queue.overdue(at: moment(1_002)) { refused.append(element) }
        #expect(refused == Array(0..<10))
        #expect(queue.nextOverdue(after: moment(1_002)) == moment(1_021))
    }

    @Test("A deadline bounds patience as long as it holds")
    func deadlineChanges() {
        var queue = queue()
        for (deadline, patience) in [(10, 10), (1, 1), (10_000, 20)] {
            queue.follow(limit: 1_000, deadline: .milliseconds(Int64(deadline)))
            #expect(queue.patience == .milliseconds(Int64(patience)))
        }
    }

    @Test("A burst that is served within the interval is no overload")
    func burst() throws {
        var queue = queue()
        for number in 0..<100 { _ = queue.enter(number, rank, at: moment(0)) }
        while let (ticket, _) = queue.next(at: moment(990)) { queue.served(ticket, at: moment(990)) }
        _ = queue.arrived(rank, at: moment(1_300))
        #expect(!queue.isOverloaded)
    }

    @Test(
        "Somebody waits at every moment, but nobody for as long as four answers take: it is no overload",
        arguments: [(wait: Int64(80), isOverload: false), (95, true)])
    func chance(wait: Int64, isOverload: Bool) throws {
        var queue = queue()
        // One comes every 10 ms, and gets its place when it has waited.
        for number in 0..<120 {
            let time = 10 * Int64(number)
            _ = queue.arrived(rank, at: moment(time))
            _ = queue.enter(number, rank, at: moment(time))
            guard time >= wait else { continue }
            queue.answered(at: moment(time + 1))
            while let (ticket, element) = queue.next(at: moment(time + 1)), 10 * Int64(element) + wait <= time + 10 {
                queue.served(ticket, at: moment(10 * Int64(element) + wait))
            }
        }
        #expect(queue.isOverloaded == isOverload)
    }

    @Test("A line that is half full is crowded, however short")
    func full() throws {
        var queue = queue(limit: 2)
        for time in stride(from: Int64(0), through: 1_100, by: 10) {
            for number in 0..<3 {
                guard queue.arrived(rank, at: moment(time)) == nil else { continue }
                _ = queue.enter(number, rank, at: moment(time))
            }
            queue.answered(at: moment(time + 1))
            if let (ticket, _) = queue.next(at: moment(time + 1)) { queue.served(ticket, at: moment(time + 1)) }
            _ = queue.enter(9, rank, at: moment(time + 1))
        }
        #expect(queue.isOverloaded)
    }

    @Test("After a hang it is overload when those who waited are served for too long")
    func afterHang() throws {
        var queue = queue()
        for number in 0..<400 { _ = queue.enter(number, rank, at: moment(0)) }
        for time in stride(from: Int64(5_000), through: 6_200, by: 10) {
            queue.answered(at: moment(time))
            if let (ticket, _) = queue.next(at: moment(time)) { queue.served(ticket, at: moment(time)) }
            if time == 5_900 { #expect(!queue.isOverloaded) }
        }
        #expect(queue.isOverloaded)
    }

    @Test("Who came before the overload waits longer: all refused at once would all ask again at once")
    func cameBefore() {
        var queue = queue()
        for number in 0..<10 { _ = queue.enter(number, rank, at: moment(number == 0 ? 0 : 500)) }
        for time in stride(from: 80, through: 1_410, by: 133) { queue.answered(at: moment(Int64(time))) }
        #expect(queue.isOverloaded)
        let first = queue.overdue(at: moment(1_410))
        let second = queue.overdue(at: moment(1_410))
        #expect(first == 0 && second == nil)
        #expect(queue.nextOverdue(after: moment(1_410)) == moment(1_500))
    }

    @Test("Whoever finds nobody waiting is let in, of whatever rank: no place stays empty")
    func empty() {
        var queue = overloaded()
        while queue.overdue(at: moment(1_001)) != nil {}
        let high = Rank(.normal, client: 63)
        let waiting = queue.enter(1, high, at: moment(1_001))
        for time in 1_001...1_399 {
            _ = queue.arrived(high, at: moment(Int64(time)))
            queue.answered(at: moment(Int64(time)))
        }
        let refused = queue.arrived(rank, at: moment(1_400))
        #expect(refused == .rank)
        if let waiting { queue.remove(waiting, at: moment(1_401)) }
        let admitted = queue.arrived(rank, at: moment(1_402))
        #expect(admitted == nil && queue.isOverloaded)
    }

    @Test("When nobody is answered at all everybody waits, and nobody is refused before the deadline")
    func hang() {
        var queue = queue()
        for number in 0..<10 { _ = queue.enter(number, rank, at: moment(0)) }
        let refused = queue.overdue(at: moment(9_990))
        #expect(refused == nil && !queue.isOverloaded)
        #expect(queue.nextOverdue(after: moment(9_990)) == moment(10_000), "the deadline")
        queue.answered(at: moment(9_991))
        let late = queue.overdue(at: moment(9_992))
        #expect(late == nil && !queue.isOverloaded, "those who waited are served first")
    }

    @Test("Servers that hang in overload end it")
    func hangInOverload() {
        var queue = overloaded()
        _ = queue.enter(99, rank, at: moment(1_230))
        _ = queue.arrived(rank, at: moment(1_245))
        #expect(!queue.isOverloaded)
        let refused = queue.overdue(at: moment(2_000))
        #expect(refused == nil)
    }

    @Test("That nobody was answered while nobody waited is no sign of servers that hang")
    func idle() {
        var queue = overloaded()
        while queue.overdue(at: moment(1_050)) != nil {}
        _ = queue.arrived(rank, at: moment(1_900))
        #expect(queue.isOverloaded)
        _ = queue.enter(100, rank, at: moment(1_900))
        _ = queue.arrived(rank, at: moment(1_910))
        #expect(queue.isOverloaded)
    }

    @Test("Overload ends when nobody had to be refused for an interval")
    func end() {
        var queue = overloaded()
        while queue.overdue(at: moment(1_050)) != nil {}
        for time in stride(from: 1_100, through: 2_000, by: 150) { queue.answered(at: moment(Int64(time))) }
        _ = queue.arrived(rank, at: moment(2_000))
        #expect(queue.isOverloaded)
        _ = queue.arrived(rank, at: moment(2_051))
        #expect(!queue.isOverloaded)
    }

    @Test(
        "Overload ends when most find a place when they come, though some wait in vain",
        arguments: [(atOnce: 5, ends: true), (4, false)])
    func slack(atOnce: Int, ends: Bool) throws {
        var queue = overloaded()
        while queue.overdue(at: moment(1_050)) != nil {}
        for number in 0..<8 {
            let time = 1_100 + Int64(number) * 150
            let now = moment(time)
            queue.answered(at: now)
            _ = queue.enter(number, rank, at: moment(time - 30))
            #expect(overdue(&queue, at: moment(time - 5)) == number)
            if number < atOnce { queue.servedAtOnce(at: now); continue }
            _ = queue.enter(number, rank, at: now)
            queue.served(try #require(queue.next(at: now)).ticket, at: now)
        }
        _ = queue.enter(99, rank, at: moment(2_180))
        #expect(overdue(&queue, at: moment(2_205)) == (ends ? nil : 99))
        #expect(queue.isOverloaded == !ends)
    }

    @Test("It does not end while as many are turned away as find a place at once", arguments: [(7, true), (8, false)])
    func turnedAway(count: Int, ends: Bool) {
        var slack = Slack(at: origin)
        for _ in 0..<8 { slack.served(atOnce: true) }
        for _ in 0..<count { slack.turnedAway() }
        let isSeen = slack.isSeen(patience: .milliseconds(20), at: moment(1_000))
        #expect(isSeen == ends)
    }

    @Test("Who comes in overload is refused in time, though others from before it wait longer")
    func newcomers() {
        var queue = queue()
        _ = queue.enter(0, rank, at: moment(0))
        for time in stride(from: 80, through: 1_080, by: 100) {
            queue.answered(at: moment(Int64(time)))
            if time == 980 { _ = queue.enter(1, rank, at: moment(980)) }
        }
        #expect(queue.isOverloaded)
        _ = queue.enter(2, rank, at: moment(1_081))
        let early = queue.overdue(at: moment(1_100))
        let late = queue.overdue(at: moment(1_101))
        #expect(early == 0 && late == 2 && queue.count == 1)
    }

    @Test("Critical requests go first, and background ones are refused first")
    func priorities() {
        var queue = overloaded()
        _ = queue.enter(1_000, Rank(.critical, client: 0), at: moment(1_001))
        _ = queue.enter(2_000, Rank(.background, client: 0), at: moment(1_002))
        #expect(queue.next(at: moment(1_002))?.element == 1_000)
        let refused = queue.overdue(at: moment(1_100))
        #expect(refused == 2_000)
    }

    @Test("More than the limit do not wait; who leaves is forgotten")
    func limit() throws {
        var queue = queue(limit: 2)
        let tickets = (1...3).map { queue.enter($0, rank, at: moment(0)) }
        #expect(tickets[1] != nil && tickets[2] == nil)
        queue.remove(try #require(tickets[0]), at: moment(1))
        #expect(queue.count == 1 && queue.next(at: moment(1))?.element == 2)
        let late = queue.enter(4, rank, at: moment(1))
        #expect(late != nil)
    }

    @Test(
        "At three times the load a third of the clients get nearly everything, and the others are refused at the door")
    func clients() {
        var queue = PoolQueue<Int>(limit: 1_000, deadline: .seconds(10), at: origin)
        queue.expect(.milliseconds(100))
        var random = SeededRandom(seed: 1)
        var served = Array(repeating: 0, count: 60)
        var asked = served
        // 300 requests a second of 60 clients, a place every 10 ms.
        for tick in 0..<12_000 {
            let now = moment(Int64(tick))
            if tick % 10 < 3 {
                let client = Int.random(in: 0..<60, using: &random)
                let rank = Rank(.normal, client: UInt64(client))
                if tick > 4_000 { asked[client] += 1 }
                if queue.arrived(rank, at: now) == nil { _ = queue.enter(client, rank, at: now) }
            }
            while queue.overdue(at: now) != nil {}
            if tick % 10 == 9, let (ticket, client) = queue.next(at: now) {
                queue.answered(at: now)
                queue.served(ticket, at: now)
                if tick > 4_000 { served[client] += 1 }
            }
        }
        let lucky = (0..<60).filter { Double(served[$0]) > 0.6 * Double(asked[$0]) }.count
        let unlucky = (0..<60).filter { served[$0] == 0 }.count
        #expect(served.reduce(0, +) > 780, "no place stays empty")
        #expect(lucky >= 10 && unlucky >= 25, "\(lucky) get pages, \(unlucky) get nothing")
    }

    @Test("When too many wait, what matters less makes room; what matters as much does not")
    func displaced() throws {
        var queue = queue(limit: 2)
        _ = queue.enter(1, Rank(.background, client: 1), at: moment(0))
        _ = queue.enter(2, rank, at: moment(0))
        let critical = Rank(.critical, client: 2)
        let first = queue.displaced(by: critical, at: moment(1))
        #expect(first == 1)
        _ = queue.enter(3, critical, at: moment(1))
        let second = queue.displaced(by: rank, at: moment(2))
        #expect(second == nil, "of those that wait none matters less")
        let third = queue.displaced(by: critical, at: moment(2))
        #expect(third == 2)
    }
}
