import BookendHTTP
import BookendLoop

/// One direction of an exchange: a body on its way from one stream to another, taken out of the framing it came in and
/// put into the framing it leaves with. Holds one buffer a side at most, so a slow reader slows the writer down.
///
/// A body whose bytes go through unchanged is never copied: it is written from where it was read, together with the head
/// before it. Only bodies that come or leave chunked are copied, into chunks of our own.
struct Relay: ~Copyable {
    enum Progress {
        /// The whole message was written.
        case done
        /// More bytes have to come from the source.
        case needsSource
        /// The sink takes no more at present.
        case needsSink
        /// There is more to do, but others have waited long enough.
        case yielded
        /// The framing is broken, or the source ended too early.
        case refused(Refusal)
        case sourceFailed(Errno)
        case sinkFailed(Errno)
    }

    /// Rounds of reading and writing before others get their turn: at most 1 MiB with the largest reads.
    private static let roundsPerTurn = 16

    /// Bytes that go out before anything else: the head, and what was copied.
    var output = Buffer()
    private var transcoder = BodyTranscoder(.none, leavingAs: .none, limit: 0)
    /// Bytes at the front of the source's input that go through as they are.
    private var through = 0
    private var readSize = BufferSize.standard
    /// Bytes written to the sink, head and framing included.
    private(set) var sentBytes: UInt64 = 0

    /// Begins a message whose body comes in `source` framing and leaves in `sink` framing. Its head, if there is one,
    /// stands in `output`.
    ///
    /// - Parameter limit: bytes that the body may have.
    mutating func begin(_ source: Framing, leavingAs sink: Framing, limit: UInt64) {
        transcoder = BodyTranscoder(source, leavingAs: sink, limit: limit)
        through = 0
        readSize = .standard
    }

    mutating func reset() {
        output.release()
        sentBytes = 0
        begin(.none, leavingAs: .none, limit: 0)
    }

    /// Bytes of the body that were taken from the source, without framing.
    var bodyBytes: UInt64 { transcoder.bodyBytes }
    /// Whether the message was taken from the source whole; parts of it may still wait to be written.
    var hasWholeBody: Bool { transcoder.isComplete }
    /// Whether bytes are ready that the sink did not take yet.
    var waitsForSink: Bool { through > 0 || !output.isEmpty }
    var isDone: Bool { transcoder.isComplete && !waitsForSink }

    mutating func move(
        from source: inout ByteStream, _ input: inout Buffer, to sink: inout ByteStream, on loop: Loop
    ) -> Progress {
        for _ in 0..<Self.roundsPerTurn {
            if let stopped = write(&input, to: &sink, on: loop.kernel) { return stopped }
            if transcoder.isComplete { return .done }
            do throws(Refusal) {
                if !input.isEmpty, try take(&input, loop.buffers) { continue }
                if let stopped = try read(from: &source, &input, on: loop) { return stopped }
            } catch {
                return .refused(error)
            }
        }
        return .yielded
    }

    /// Writes what stands in `output`, without a body; nil when all of it went.
    mutating func flush(to sink: inout ByteStream, on kernel: Kernel) -> Progress? {
        var nothing = Buffer()
        return write(&nothing, to: &sink, on: kernel)
    }

    /// Writes what is ready; nil when all of it went.
    private mutating func write(
        _ input: inout Buffer, to sink: inout ByteStream, on kernel: Kernel
    ) -> Progress? {
        guard waitsForSink else { return nil }
        let before = input.count
        switch sink.write(&output, then: &input, limit: through, on: kernel) {
        case .bytes(let count):
            sentBytes &+= UInt64(count)
            through -= before - input.count
            if output.isEmpty { output.release() }
            return waitsForSink ? .needsSink : nil
        case .wouldBlock, .end:
            return .needsSink
        case .failed(let error):
            return .sinkFailed(error)
        }
    }

    /// Takes the input apart as far as it goes; false when more bytes are needed first.
    private mutating func take(_ input: inout Buffer, _ pool: BufferPool) throws(Refusal) -> Bool {
        guard transcoder.copies else {
            through = try input.withBytes { bytes throws(Refusal) in try transcoder.through(bytes) }
            return through > 0 || transcoder.isComplete
        }
        output.reserve(transcoder.bound(for: input.count), from: pool)
        let taken = try input.withBytes { bytes throws(Refusal) in
            var taken = 0
            try output.append { output throws(Refusal) in taken = try transcoder.transcode(bytes, into: &output) }
            return taken
        }
        input.consume(taken)
        return taken > 0
    }

    /// Reads once; nil when there is something new to do.
    private mutating func read(
        from source: inout ByteStream, _ input: inout Buffer, on loop: Loop
    ) throws(Refusal) -> Progress? {
        guard source.isReadable else {
            if input.isEmpty { input.release() }
            return .needsSource
        }
        if input.freeCapacity == 0 { input.reserve(readSize.bytes, from: loop.buffers) }
        let room = input.freeCapacity
        switch source.read(into: &input, on: loop.kernel) {
        case .bytes(let count):
            if count == room { readSize = .large }
            return nil
        case .wouldBlock:
            if input.isEmpty { input.release() }
            return .needsSource
        case .end:
            output.reserve(transcoder.bound(for: 0), from: loop.buffers)
            try output.append { output throws(Refusal) in try transcoder.finish(into: &output) }
            return nil
        case .failed(let error):
            return .sourceFailed(error)
        }
    }
}
