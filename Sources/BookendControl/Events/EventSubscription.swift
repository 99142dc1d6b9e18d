import Foundation

/// Where one subscriber stands. It holds no events of its own, so a slow one costs a number; one that is overtaken by the
/// ring is told so and dropped, and may come back and go on.
struct EventSubscription {
    /// Sent at a time.
    private static let most = 65_536

    private struct Gap: Encodable {
        let reason: String
    }

    private var position: Int
    private var opening: [UInt8]?
    /// The last word was given.
    private(set) var isOver = false

    /// - Parameter id: of the last event that it got before; nil to begin with what happens from now on.
    init(after id: String?, in ring: EventRing) {
        opening = Array("retry: 2000\n\n".utf8)
        position = ring.next
        guard let id else { return }
        if let number = ring.number(of: id), number + 1 >= ring.first {
            position = number + 1
        } else {
            position = ring.first
            opening? += Self.message(
                "missed", "events after \(Self.printable(id)) are not kept any more, or Bookend restarted")
        }
    }

    /// What is to be sent next; nil while nothing has happened.
    mutating func next(in ring: EventRing) -> [UInt8]? {
        guard !isOver else { return nil }
        if let opening {
            self.opening = nil
            return opening
        }
        guard position >= ring.first else {
            isOver = true
            return Self.message("dropped", "too slow: \(ring.first - position) events were overwritten; come back")
        }
        var bytes: [UInt8] = []
        while position < ring.next, bytes.count < Self.most {
            bytes += ring[position]
            position += 1
        }
        return bytes.isEmpty ? nil : bytes
    }

    /// Without an id: the last one that counts stays what it was.
    private static func message(_ kind: String, _ reason: String) -> [UInt8] {
        EventRing.message(kind, AdminJSON.encoded(Gap(reason: reason)))
    }

    /// What a client sent, cut to what an id can be.
    private static func printable(_ id: String) -> String {
        String(
            id.unicodeScalars.prefix(40).map { $0.isASCII && $0.value > 0x20 && $0.value < 0x7F ? Character($0) : "?" })
    }
}
