import Foundation

/// The last events, ready to be sent, each with a number one higher than the one before. The oldest make room for new ones.
struct EventRing {
    /// Tells this worker process from the one before it, whose numbers began at 1 too.
    let life: String
    private let capacity: Int
    /// The number of the oldest that is held.
    private(set) var first = 1
    private var events: [[UInt8]] = []

    init(life: String, capacity: Int) {
        self.life = life
        self.capacity = capacity
    }

    /// The number of the next one.
    var next: Int { first + events.count }

    subscript(_ number: Int) -> [UInt8] { events[number - first] }

    /// Gives its id.
    @discardableResult
    mutating func append(_ report: EventReport) -> String {
        let id = "\(life)-\(next)"
        events.append(Array("id: \(id)\n".utf8) + Self.message(report.kind.rawValue, AdminJSON.encoded(report)))
        if events.count > capacity {
            events.removeFirst()
            first += 1
        }
        return id
    }

    /// The number in an id; nil when it is none of this life's.
    func number(of id: String) -> Int? {
        guard id.hasPrefix(life + "-"), let number = Int(id.dropFirst(life.count + 1)), number < next else {
            return nil
        }
        return number
    }

    /// As the HTML standard has it, section 9.2.5: JSON of ours has no line break.
    static func message(_ kind: String, _ data: Data) -> [UInt8] {
        Array("event: \(kind)\ndata: ".utf8) + data + Array("\n\n".utf8)
    }
}
