import BookendConfig
public import BookendCore
public import BookendLoop
import Synchronization

/// Lines on their way to a file, on a thread of their own: a disk or a pipe that is slow or full costs lines, which are
/// counted, and never a request.
public final class LogWriter: Sendable {
    private struct Queue {
        var bytes: [UInt8] = []
        var isStopped = false
    }

    private let queue = Mutex(Queue())
    private let wake: WakeUp
    private let ended: WakeUp
    private let droppedLines = Atomic<Int>(0)

    public init() throws(Errno) {
        wake = try WakeUp()
        ended = try WakeUp()
    }

    /// Lines that were lost since the start.
    public var dropped: Int { droppedLines.load(ordering: .relaxed) }

    /// Takes whole lines; drops them all when too many wait.
    func append(_ text: Span<UInt8>, lines: Int) {
        let wasEmpty = queue.withLock { queue in
            guard queue.bytes.count + text.count <= Limits.logBytes else {
                droppedLines.add(lines, ordering: .relaxed)
                return false
            }
            let wasEmpty = queue.bytes.isEmpty
            text.withUnsafeBufferPointer { queue.bytes.append(contentsOf: $0) }
            return wasEmpty
        }
        if wasEmpty { wake.signal() }
    }

    /// Writes what comes until `finish`; runs on its own thread.
    public func run(to output: consuming FileDescriptor) {
        defer { ended.signal() }
        var batch: [UInt8] = []
        while true {
            let isStopped = queue.withLock { queue in
                swap(&queue.bytes, &batch)
                return queue.isStopped
            }
            if batch.isEmpty {
                if isStopped { return }
                wake.wait()
                continue
            }
            if !output.writeAll(batch) {
                droppedLines.add(batch.count { $0 == UInt8(ascii: "\n") }, ordering: .relaxed)
            }
            batch.removeAll(keepingCapacity: true)
        }
    }

    /// Writes what was taken before, and gives up after `limit`: a reader may have stopped reading for good.
    public func finish(within limit: TimeSpan) {
        queue.withLock { $0.isStopped = true }
        wake.signal()
        ended.wait(atMost: limit)
    }
}

/// The lines of one worker and one turn of its loop.
struct LogBuffer: ~Copyable {
    private let writer: LogWriter
    private let format: AccessLog.Format
    private let text = Buffer()
    private var lines = 0

    init(_ output: AccessLogOutput) {
        writer = output.writer
        format = output.format
    }

    mutating func write(_ line: AccessLine, on loop: Loop) {
        if text.freeCapacity < AccessLine.bound { flush() }
        text.reserve(AccessLine.bound, from: loop.buffers)
        text.append { line.write(format, to: &$0) }
        lines += 1
    }

    mutating func flush() {
        guard lines > 0 else { return }
        text.withBytes { writer.append($0, lines: lines) }
        text.release()
        lines = 0
    }
}
