/// Where a request waits; void once it was taken out.
public struct WaitingTicket: Sendable, Equatable {
    fileprivate let number: Int32
    /// From 0 on, the same again once it is void: for what belongs to it.
    var index: Int { Int(number) }
}

/// Tickets in the order in which they were taken, oldest and newest at hand, each removable; all in constant time and without
/// allocation once it has grown to its size. Priorities have lines of their own, and in each of them those who came before
/// an overload stand apart, as they wait by another rule.
///
/// It knows no elements: generic code that another module does not specialise asks for its types' metadata at every step.
struct WaitingLine: Sendable {
    enum Part {
        /// Before the overload.
        case earlier
        case since
    }

    private struct Node {
        var since = Moment.origin
        var line = 0
        var older: Int32 = none
        var newer: Int32 = none
    }

    private struct Ends {
        var oldest: Int32 = none
        var newest: Int32 = none
        var count = 0
    }

    private static let none: Int32 = -1

    private var nodes: [Node] = []
    private var free = Self.none
    /// Three lines of one part, then three of the other one.
    private var ends: InlineArray<6, Ends> = .init(repeating: Ends())
    /// Of the part of those who come.
    private var first = 0
    private(set) var count = 0

    init() {}

    var isEmpty: Bool { count == 0 }

    /// An overload begins. If some still wait who came before the last one, all others are as if they came since.
    mutating func overloadBegins() {
        let other = 3 - first
        if ends[other].count + ends[other + 1].count + ends[other + 2].count == 0 { first = other }
    }

    mutating func append(_ priority: Priority, since now: Moment) -> WaitingTicket {
        let node = takeNode()
        let line = line(priority, .since)
        let newest = ends[line].newest
        nodes[Int(node)] = Node(since: now, line: line, older: newest)
        if newest == Self.none { ends[line].oldest = node } else { nodes[Int(newest)].newer = node }
        ends[line].newest = node
        ends[line].count += 1
        count += 1
        return WaitingTicket(number: node)
    }

    mutating func remove(_ ticket: WaitingTicket) {
        let node = nodes[ticket.index]
        if node.older == Self.none {
            ends[node.line].oldest = node.newer
        } else {
            nodes[Int(node.older)].newer = node.newer
        }
        if node.newer == Self.none {
            ends[node.line].newest = node.older
        } else {
            nodes[Int(node.newer)].older = node.older
        }
        nodes[ticket.index] = Node(newer: free)
        free = ticket.number
        ends[node.line].count -= 1
        count -= 1
    }

    func oldest(_ priority: Priority, _ part: Part) -> WaitingTicket? { Self.ticket(ends[line(priority, part)].oldest) }

    func oldest(_ priority: Priority) -> WaitingTicket? { oldest(priority, .earlier) ?? oldest(priority, .since) }

    func newest(_ priority: Priority) -> WaitingTicket? {
        Self.ticket(ends[line(priority, .since)].newest) ?? Self.ticket(ends[line(priority, .earlier)].newest)
    }

    func since(_ ticket: WaitingTicket) -> Moment { nodes[ticket.index].since }

    private func line(_ priority: Priority, _ part: Part) -> Int {
        Int(priority.rawValue) + (part == .since ? first : 3 - first)
    }

    private static func ticket(_ node: Int32) -> WaitingTicket? {
        node == none ? nil : WaitingTicket(number: node)
    }

    private mutating func takeNode() -> Int32 {
        guard free != Self.none else {
            nodes.append(Node())
            return Int32(nodes.count - 1)
        }
        let node = free
        free = nodes[Int(node)].newer
        return node
    }
}
