import BookendCore
import BookendLoop
import CLinux
import Foundation
import Glibc

/// Orders from the worker process to the supervisor, and reports the other way: whole messages, which stay in the kernel
/// while a worker process dies and another takes its place.
enum HookSocket {
    /// Of a message: an order has some hundred bytes, and 64 KiB of output may need twice that as JSON.
    private static let longest = 4 * RecycleLimits.output
    /// For a report that finds no room.
    private static let patience = TimeSpan.seconds(10)
    /// From one try to the next, in microseconds.
    private static let pause: useconds_t = 100_000

    /// The supervisor's end and the worker's, both non-blocking.
    static func pair() throws(Errno) -> (supervisor: Int32, worker: Int32) {
        var ends: [Int32] = [-1, -1]
        guard clinux_packet_pair(&ends) == 0 else { throw .last }
        for end in ends {
            var size = Int32(longest)
            setsockopt(end, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        return (ends[0], ends[1])
    }

    /// Nil when no whole message is there.
    static func receive(_ end: Int32) -> Data? {
        var bytes = [UInt8](repeating: 0, count: longest)
        let count = recv(end, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        return count > 0 ? Data(bytes[0..<count]) : nil
    }

    static func send(_ message: some Encodable, to end: Int32) -> Bool {
        let data = AdminJSON.encoded(message)
        return data.withUnsafeBytes { memory in
            Glibc.send(end, memory.baseAddress, memory.count, Int32(MSG_NOSIGNAL)) == memory.count
        }
    }

    /// The same, and waits a while for room.
    static func deliver(_ message: some Encodable, to end: Int32) {
        let kernel = Kernel()
        let deadline = kernel.now() + patience
        while !send(message, to: end), errno == EAGAIN, kernel.now() < deadline { usleep(pause) }
    }
}

/// A report with the names that a worker process knows its server by.
struct HookMessage: Codable {
    let pool: String
    let server: String
    let report: HookReport
}
