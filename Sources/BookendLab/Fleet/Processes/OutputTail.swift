public import BookendLoop
import Glibc

/// The last lines that a process wrote. Whoever owns it calls `drain` now and then: a process whose pipe is full waits.
public final class OutputTail {
    private static let mostLines = 12
    private static let longestLine = 400
    /// What one `drain` reads at most: a process that writes without end must not occupy this one.
    private static let mostAtOnce = 1 << 20

    private let descriptor: FileDescriptor
    private var unfinished: [UInt8] = []
    public private(set) var lines: [String] = []

    public init(_ descriptor: consuming FileDescriptor) {
        _ = fcntl(descriptor.raw, F_SETFL, O_NONBLOCK)
        self.descriptor = descriptor
    }

    /// The lines that came since the last call, the oldest left out where there were too many.
    @discardableResult
    public func drain() -> [String] {
        var fresh: [String] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        var total = 0
        while total < Self.mostAtOnce {
            let count = read(descriptor.raw, &chunk, chunk.count)
            guard count > 0 else { break }
            total += count
            take(chunk[0..<count], &fresh)
        }
        return fresh
    }

    private func take(_ bytes: ArraySlice<UInt8>, _ fresh: inout [String]) {
        for byte in bytes {
            if byte != UInt8(ascii: "\n") {
                if unfinished.count < Self.longestLine { unfinished.append(byte) }
                continue
            }
            let line = printable(unfinished)
            unfinished.removeAll(keepingCapacity: true)
            guard !line.isEmpty else { continue }
            lines.append(line)
            fresh.append(line)
            if lines.count > Self.mostLines { lines.removeFirst() }
            if fresh.count > Self.mostLines { fresh.removeFirst() }
        }
    }

    /// What another program wrote must not move our cursor.
    private func printable(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.filter { $0 >= 0x20 && $0 != 0x7F }, as: UTF8.self)
    }
}
