public import BookendCore

/// Deadlines by number, hierarchically hashed (Varghese and Lauck, "Hashed and Hierarchical Timing Wheels", 1987).
///
/// One deadline per number; setting, moving and clearing cost O(1). Moving a deadline to later, which is what a
/// connection does at every request, is one store: the entry stays in its slot and moves on when the slot comes up.
/// A deadline fires at its tick or up to one tick (4 ms) later, never earlier.
public struct TimerWheel {
    private static let tick: UInt64 = 4_000_000
    private static let slotBits: UInt64 = 6
    private static let slots = 64
    /// Four levels: 256 ms, 16 s, 17 min, 18 h. What lies beyond waits in the last slot and is looked at again.
    private static let levels = 4
    private static let none = UInt32.max

    private struct Entry {
        var deadline = Moment.distantFuture
        var next = TimerWheel.none
        var previous = TimerWheel.none
        /// Level and slot, or `TimerWheel.unlinked`.
        var place = TimerWheel.unlinked
        /// The tick that the entry is linked for.
        var linkedTick: UInt64 = 0
    }

    private static let unlinked = UInt16.max

    private var entries: [Entry] = []
    private var heads = [UInt32](repeating: TimerWheel.none, count: TimerWheel.levels * TimerWheel.slots)
    private var occupied = [UInt64](repeating: 0, count: TimerWheel.levels)
    private var current: UInt64

    public init(now: Moment) {
        current = now.nanoseconds / Self.tick
    }

    /// `.distantFuture` means no deadline.
    public mutating func set(_ number: Int, to deadline: Moment) {
        while entries.count <= number { entries.append(Entry()) }
        entries[number].deadline = deadline
        if deadline == .distantFuture { return }
        let tick = Self.dueTick(deadline)
        guard entries[number].place == Self.unlinked || tick < entries[number].linkedTick else { return }
        unlink(number)
        link(number, at: tick)
    }

    public mutating func clear(_ number: Int) {
        guard number < entries.count else { return }
        entries[number].deadline = .distantFuture
        unlink(number)
    }

    /// The moment at which something may be due; nil when nothing is set.
    public var nextWake: Moment? {
        var wake: UInt64?
        for level in 0..<Self.levels where occupied[level] != 0 {
            let shift = Self.slotBits * UInt64(level)
            let position = current >> shift
            // The present slot is always empty: entries are linked at least one slot ahead.
            let distance = UInt64(Self.rotate(occupied[level], right: position & 63).trailingZeroBitCount)
            wake = min(wake ?? .max, (position + distance) << shift)
        }
        return wake.map { Moment(nanoseconds: $0 * Self.tick) }
    }

    /// Appends the numbers whose deadlines have passed; each is cleared.
    public mutating func expire(now: Moment, into due: inout [Int]) {
        let target = now.nanoseconds / Self.tick
        while current <= target {
            takeSlot(level: 0, slot: Int(current & 63), now: now, into: &due)
            if current == target { return }
            skipAhead(to: target)
            for level in 1..<Self.levels where current & ((1 << (Self.slotBits * UInt64(level))) - 1) == 0 {
                let slot = Int((current >> (Self.slotBits * UInt64(level))) & 63)
                takeSlot(level: level, slot: slot, now: now, into: &due)
            }
        }
    }

    /// To the next tick at which a level that holds something moves: a loop that slept for days goes on at once.
    private mutating func skipAhead(to target: UInt64) {
        guard let lowest = occupied.firstIndex(where: { $0 != 0 }) else {
            current = target
            return
        }
        let shift = Self.slotBits * UInt64(lowest)
        current = min(target, ((current >> shift) + 1) << shift)
    }

    private mutating func takeSlot(level: Int, slot: Int, now: Moment, into due: inout [Int]) {
        guard occupied[level] & (1 << UInt64(slot)) != 0 else { return }
        var number = heads[level * Self.slots + slot]
        heads[level * Self.slots + slot] = Self.none
        occupied[level] &= ~(1 << UInt64(slot))
        while number != Self.none {
            let entry = entries[Int(number)]
            entries[Int(number)].place = Self.unlinked
            if entry.deadline <= now {
                entries[Int(number)].deadline = .distantFuture
                due.append(Int(number))
            } else if entry.deadline != .distantFuture {
                link(Int(number), at: Self.dueTick(entry.deadline))
            }
            number = entry.next
        }
    }

    private mutating func link(_ number: Int, at wanted: UInt64) {
        let horizon: UInt64 = 1 << (Self.slotBits * UInt64(Self.levels))
        let tick = min(max(wanted, current + 1), current + horizon - horizon / 64 - 1)
        var level = 0
        // The level at which the present position and the tick are less than a turn apart.
        while level < Self.levels - 1,
            (tick >> (Self.slotBits * UInt64(level))) - (current >> (Self.slotBits * UInt64(level))) >= 64
        {
            level += 1
        }
        let slot = Int((tick >> (Self.slotBits * UInt64(level))) & 63)
        let place = level * Self.slots + slot
        let head = heads[place]
        entries[number].next = head
        entries[number].previous = Self.none
        entries[number].place = UInt16(place)
        entries[number].linkedTick = wanted
        if head != Self.none { entries[Int(head)].previous = UInt32(number) }
        heads[place] = UInt32(number)
        occupied[level] |= 1 << UInt64(slot)
    }

    private mutating func unlink(_ number: Int) {
        let entry = entries[number]
        guard entry.place != Self.unlinked else { return }
        let place = Int(entry.place)
        if entry.previous == Self.none {
            heads[place] = entry.next
            if entry.next == Self.none { occupied[place / Self.slots] &= ~(1 << UInt64(place % Self.slots)) }
        } else {
            entries[Int(entry.previous)].next = entry.next
        }
        if entry.next != Self.none { entries[Int(entry.next)].previous = entry.previous }
        entries[number].place = Self.unlinked
    }

    /// The first tick that begins at or after the deadline.
    private static func dueTick(_ deadline: Moment) -> UInt64 {
        deadline.nanoseconds / tick + (deadline.nanoseconds % tick == 0 ? 0 : 1)
    }

    private static func rotate(_ bits: UInt64, right count: UInt64) -> UInt64 {
        count == 0 ? bits : (bits >> count) | (bits << (64 - count))
    }
}
