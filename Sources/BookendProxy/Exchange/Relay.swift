import BookendHTTP
import BookendLoop

/// One direction of an exchange: a body on its way from one stream to another, taken out of the framing it came in and
/// put into the framing it leaves with. Holds one buffer a side at most, so a slow reader slows the writer down.
///
/// A body whose bytes go through unchanged is never copied: it is written from where it was read, together with the head
/// before it. Only bodies that come or leave chunked are copied, into chunks of our own.
final class Relay {
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

    /// Rounds of reading and writing before others get their turn: at most 256 KiB with large reads, so that a thousand
    /// large bodies at once hold up a small request by some tens of milliseconds.
    private static let roundsPerTurn = 4

    /// Where copying costs as much as a second piece of memory in one system call.
    private static let joinedBytes = 2_048

    /// Bytes that go out before anything else: the head, and what was copied.
    let output = Buffer()
    // Unchecked: it is called from here only, and calls nothing of ours (measured: docs/performance.md).
    @exclusivity(unchecked) private var transcoder = BodyTranscoder(.none, leavingAs: .none, limit: 0)
    /// Bytes at the front of the source's input that go through as they are.
    private var through = 0
    /// Bytes written to the sink, head and framing included.
    private(set) var sentBytes: UInt64 = 0

    /// Begins a message whose body comes in `source` framing and leaves in `sink` framing. Its head, if there is one,
    /// stands in `output`.
    ///
    /// - Parameter limit: bytes that the body may have.
    func begin(_ source: Framing, leavingAs sink: Framing, limit: UInt64) {
        transcoder = BodyTranscoder(source, leavingAs: sink, limit: limit)
        through = 0
    }

    func reset() {
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

    /// Moves all that can be moved now.
    ///
    /// - Parameter readSize: how much is read at once.
    func move(
        from source: ByteStream, _ input: Buffer, to sink: ByteStream, reading readSize: BufferSize, on loop: Loop
    ) -> Progress {
        for _ in 0..<Self.roundsPerTurn {
            do throws(Refusal) {
                // What is there of the body goes out with the head, in one system call.
                if through == 0, !transcoder.isComplete, !input.isEmpty { try take(input, loop.buffers) }
                if let stopped = write(input, to: sink, on: loop.kernel) { return stopped }
                if transcoder.isComplete { return .done }
                if let stopped = try read(from: source, input, readSize, on: loop) { return stopped }
            } catch {
                return .refused(error)
            }
        }
        return .yielded
    }

    /// Writes what stands in `output`, without a body; nil when all of it went.
    func flush(to sink: ByteStream, on kernel: Kernel) -> Progress? {
        output.isEmpty ? nil : wrote(sink.write(output, on: kernel))
    }

    /// Writes what is ready; nil when all of it went.
    private func write(_ input: Buffer, to sink: ByteStream, on kernel: Kernel) -> Progress? {
        guard waitsForSink else { return nil }
        let before = input.count
        let result = sink.write(output, then: input, limit: through, on: kernel)
        through &-= before &- input.count
        return wrote(result)
    }

    private func wrote(_ result: Transfer) -> Progress? {
        switch result {
        case .bytes(let count):
            sentBytes &+= UInt64(count)
            if output.isEmpty { output.release() }
            return waitsForSink ? .needsSink : nil
        case .wouldBlock, .end:
            return .needsSink
        case .failed(let error):
            return .sinkFailed(error)
        }
    }

    /// Takes the input apart as far as it goes.
    private func take(_ input: Buffer, _ pool: BufferPool) throws(Refusal) {
        guard transcoder.copies else {
            through = try input.withBytes { bytes throws(Refusal) in try transcoder.through(bytes) }
            joinHead(input)
            return
        }
        output.reserve(transcoder.bound(for: input.count), from: pool)
        let taken = try input.withBytes { bytes throws(Refusal) in
            var taken = 0
            try output.append { output throws(Refusal) in taken = try transcoder.transcode(bytes, into: &output) }
            return taken
        }
        input.consume(taken)
    }

    /// A small piece of body is copied behind the head that waits: one piece of memory costs the kernel less than two.
    private func joinHead(_ input: Buffer) {
        guard through > 0, through <= Self.joinedBytes, !output.isEmpty, output.freeCapacity >= through else { return }
        input.withBytes { bytes in output.append { $0.append(bytes.extracting(first: through)) } }
        input.consume(through)
        through = 0
    }

    /// Reads once; nil when there is something new to do.
    private func read(
        from source: ByteStream, _ input: Buffer, _ size: BufferSize, on loop: Loop
    ) throws(Refusal) -> Progress? {
        guard source.isReadable else {
            if input.isEmpty { input.release() }
            return .needsSource
        }
        if input.isEmpty, input.capacity < size.bytes { input.release() }
        if input.freeCapacity == 0 { input.reserve(size.bytes, from: loop.buffers) }
        switch source.read(into: input, on: loop.kernel) {
        case .bytes:
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
