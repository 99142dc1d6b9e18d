/// Elements in the order in which they came, oldest and newest at hand, each removable; all in constant time and without
/// allocation once it has grown to its size. Priorities have lines of their own.
struct WaitingLine<Element> {
    /// Where an element stands.
    struct Ticket: Sendable, Equatable {
        fileprivate let node: Int32
    }

    private struct Node {
        var element: Element?
        var since = Moment.origin
        var priority = Priority.normal
        var older: Int32 = none
        var newer: Int32 = none
    }

    private struct Ends {
        var oldest: Int32 = none
        var newest: Int32 = none
    }

    private static var none: Int32 { -1 }

    private var nodes: [Node] = []
    private var free: Int32 = -1
    private var ends: InlineArray<3, Ends> = .init(repeating: Ends())
    private(set) var count = 0

    init() {}

    var isEmpty: Bool { count == 0 }

    mutating func append(_ element: Element, _ priority: Priority, since now: Moment) -> Ticket {
        let node = takeNode()
        let newest = ends[Int(priority.rawValue)].newest
        nodes[Int(node)] = Node(
            element: element, since: now, priority: priority, older: newest, newer: Self.none)
        if newest == Self.none {
            ends[Int(priority.rawValue)].oldest = node
        } else {
            nodes[Int(newest)].newer = node
        }
        ends[Int(priority.rawValue)].newest = node
        count += 1
        return Ticket(node: node)
    }

    @discardableResult
    mutating func remove(_ ticket: Ticket) -> Element {
        let node = nodes[Int(ticket.node)]
        guard let element = node.element else { preconditionFailure("nobody stands there") }
        let line = Int(node.priority.rawValue)
        if node.older == Self.none { ends[line].oldest = node.newer } else { nodes[Int(node.older)].newer = node.newer }
        if node.newer == Self.none { ends[line].newest = node.older } else { nodes[Int(node.newer)].older = node.older }
        nodes[Int(ticket.node)] = Node()
        nodes[Int(ticket.node)].newer = free
        free = ticket.node
        count -= 1
        return element
    }

    func oldest(_ priority: Priority) -> Ticket? { Self.ticket(ends[Int(priority.rawValue)].oldest) }

    func newest(_ priority: Priority) -> Ticket? { Self.ticket(ends[Int(priority.rawValue)].newest) }

    func element(_ ticket: Ticket) -> Element? { nodes[Int(ticket.node)].element }

    func since(_ ticket: Ticket) -> Moment { nodes[Int(ticket.node)].since }

    private static func ticket(_ node: Int32) -> Ticket? {
        node == none ? nil : Ticket(node: node)
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
