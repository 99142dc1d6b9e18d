import BookendLoop
import CLinux
import Foundation
import Glibc

/// One end of the link between supervisor and worker process: whole messages, in order, with descriptors.
///
/// Whoever made it closes it.
struct LinkEnd {
    /// The longest message is why a file is refused, which is cut to a quarter of this.
    private static let largest = 65_536
    static let longestText = 16_384

    let raw: Int32

    /// Two ends of one link.
    static func pair() throws(Errno) -> (ours: LinkEnd, theirs: LinkEnd) {
        var ends: [Int32] = [-1, -1]
        guard clinux_packet_pair(&ends) == 0 else { throw .last }
        return (LinkEnd(raw: ends[0]), LinkEnd(raw: ends[1]))
    }

    func close() {
        _ = FileDescriptor(owning: raw)
    }

    /// Never blocks. False when the other end is gone, or takes nothing any more.
    func send(_ message: some Encodable, passing descriptors: [Int32]) -> Bool {
        guard let bytes = try? JSONEncoder().encode(message) else { return false }
        return bytes.withUnsafeBytes { memory in
            clinux_send_packet(
                raw, memory.baseAddress, memory.count, descriptors, Int32(descriptors.count)) == bytes.count
        }
    }

    /// The next message and what came with it, which the caller owns; nil when there is none now.
    func receive<Message: Decodable>(_ type: Message.Type) -> (message: Message, descriptors: [Int32])? {
        while true {
            var passed = [Int32](repeating: -1, count: Int(CLINUX_MOST_PASSED))
            var count: Int32 = 0
            var bytes = [UInt8](repeating: 0, count: Self.largest)
            let received = clinux_receive_packet(raw, &bytes, bytes.count, &passed, &count)
            if received < 0, Errno.last == .interrupted { continue }
            guard received > 0 else { return nil }
            let descriptors = Array(passed.prefix(Int(count)))
            if let message = try? JSONDecoder().decode(type, from: Data(bytes.prefix(received))) {
                return (message, descriptors)
            }
            // Both ends are the same program: this cannot be. Nothing is kept of it.
            for raw in descriptors { _ = FileDescriptor(owning: raw) }
        }
    }
}
