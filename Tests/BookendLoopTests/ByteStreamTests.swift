import BookendCore
import BookendLoop
import Glibc
import ScriptedKernel
import Testing

@Suite("Byte stream")
struct ByteStreamTests {
    private let kernel = ScriptedKernel()
    private let pool = BufferPool()

    private func filled(_ bytes: [UInt8]) -> Buffer {
        let buffer = Buffer()
        buffer.reserve(max(1, bytes.count), from: pool)
        buffer.append(bytes[...])
        return buffer
    }

    @Test("A new connection is not read before an edge says that there is something")
    func beforeTheFirstEdge() throws {
        let (left, right) = try socketPair()
        let stream = ByteStream(FileDescriptor(owning: left))
        defer { close(right) }
        let buffer = filled([])
        _ = send(right, [1] as [UInt8], 1, 0)
        #expect(stream.read(into: buffer, on: kernel) == .wouldBlock)
        #expect(kernel.calls[.read] == nil)
        stream.note(.readable)
        #expect(stream.read(into: buffer, on: kernel) == .bytes(1))
    }

    @Test("A short read is the last until an edge: no call is made that would move nothing")
    func shortRead() throws {
        let (left, right) = try socketPair()
        let stream = ByteStream(FileDescriptor(owning: left))
        stream.note(.readable)
        defer { close(right) }
        let buffer = filled([])
        _ = send(right, [1, 2, 3] as [UInt8], 3, 0)
        #expect(stream.read(into: buffer, on: kernel) == .bytes(3))
        #expect(stream.read(into: buffer, on: kernel) == .wouldBlock)
        #expect(kernel.calls[.read] == 1)
        _ = send(right, [4] as [UInt8], 1, 0)
        stream.note(.readable)
        #expect(stream.read(into: buffer, on: kernel) == .bytes(1))
        let isSame = buffer.holds([1, 2, 3, 4])
        #expect(isSame)
    }

    @Test("An end announced together with data is seen after the data, without another edge")
    func announcedEnd() throws {
        let (left, right) = try socketPair()
        let stream = ByteStream(FileDescriptor(owning: left))
        _ = send(right, [1, 2, 3] as [UInt8], 3, 0)
        close(right)
        stream.note([.readable, .peerFinished])
        let buffer = filled([])
        let isAnnounced = stream.peerHasFinished
        #expect(isAnnounced)
        #expect(stream.read(into: buffer, on: kernel) == .bytes(3))
        #expect(stream.read(into: buffer, on: kernel) == .end)
    }

    @Test("An end announced after a short read is seen")
    func laterEnd() throws {
        let (left, right) = try socketPair()
        let stream = ByteStream(FileDescriptor(owning: left))
        stream.note(.readable)
        let buffer = filled([])
        _ = send(right, [1] as [UInt8], 1, 0)
        #expect(stream.read(into: buffer, on: kernel) == .bytes(1))
        shutdown(right, Int32(SHUT_WR))
        #expect(stream.read(into: buffer, on: kernel) == .wouldBlock)
        stream.note(.peerFinished)
        #expect(stream.read(into: buffer, on: kernel) == .end)
        let answer = filled([9])
        #expect(stream.write(answer, on: kernel) == .bytes(1), "our direction stays open")
        close(right)
    }

    @Test("A read without room is no call and no end, and the stream stays readable")
    func noRoom() throws {
        let (left, right) = try socketPair()
        let stream = ByteStream(FileDescriptor(owning: left))
        stream.note(.readable)
        defer { close(right) }
        _ = send(right, [1] as [UInt8], 1, 0)
        let full = filled([UInt8](repeating: 0, count: BufferSize.tiny.bytes))
        #expect(stream.read(into: full, on: kernel) == .wouldBlock)
        let isReadable = stream.isReadable
        #expect(isReadable && kernel.calls[.read] == nil)
        full.consume(full.count)
        #expect(stream.read(into: full, on: kernel) == .bytes(1))
    }

    @Test("A write of nothing is no call, and the stream stays writable")
    func nothingToWrite() throws {
        let (left, right) = try socketPair()
        let stream = ByteStream(FileDescriptor(owning: left))
        defer { close(right) }
        let empty = filled([])
        let also = filled([])
        #expect(stream.write(empty, on: kernel) == .wouldBlock)
        #expect(stream.write(empty, then: also, limit: 0, on: kernel) == .wouldBlock)
        let isWritable = stream.isWritable
        #expect(isWritable && kernel.calls[.write] == nil)
    }

    @Test(
        "A limit beyond what the second buffer holds is no reason to wait for an edge", arguments: [3, 1_000, Int.max])
    func largeLimit(limit: Int) throws {
        let (left, right) = try socketPair()
        let stream = ByteStream(FileDescriptor(owning: left))
        defer { close(right) }
        let first = filled([1])
        let second = filled([2, 3])
        #expect(stream.write(first, then: second, limit: limit, on: kernel) == .bytes(3))
        let isWritable = stream.isWritable
        #expect(isWritable)
    }

    @Test("A gathered write consumes what was taken, wherever it was cut", arguments: 1...5)
    func gathered(taken: Int) throws {
        let (left, right) = try socketPair()
        let stream = ByteStream(FileDescriptor(owning: left))
        defer { close(right) }
        let first = filled([1, 2])
        let second = filled([3, 4, 5, 6])
        kernel.script[.write] = [.fail(.interrupted), .short(taken)]
        #expect(stream.write(first, then: second, limit: 3, on: kernel) == .bytes(taken))
        let isWritable = stream.isWritable
        #expect(isWritable == (taken == 5))
        stream.note(.writable)
        if taken < 5 {
            let rest = 5 - taken
            #expect(stream.write(first, then: second, limit: min(3, rest), on: kernel) == .bytes(rest))
        }
        let isSame = first.isEmpty && second.holds([6])
        #expect(isSame)
        var got = [UInt8](repeating: 0, count: 8)
        #expect(recv(right, &got, got.count, 0) == 5)
        #expect(got.prefix(5) == [1, 2, 3, 4, 5])
    }

    @Test("Interruptions, however many, are nobody's business")
    func interruptions() throws {
        let (left, right) = try socketPair()
        let stream = ByteStream(FileDescriptor(owning: left))
        stream.note(.readable)
        defer { close(right) }
        _ = send(right, [1] as [UInt8], 1, 0)
        let many = [ScriptedKernel.Step](repeating: .fail(.interrupted), count: 20_000)
        kernel.script = [.read: many, .write: many]
        let input = filled([])
        let output = filled([1])
        #expect(stream.read(into: input, on: kernel) == .bytes(1))
        #expect(stream.write(output, on: kernel) == .bytes(1))
    }
}
