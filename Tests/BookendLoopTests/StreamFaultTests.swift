import BookendCore
import BookendLoop
import Glibc
import ScriptedKernel
import Testing

@Suite("Streams over a faulty kernel")
struct StreamFaultTests {
    static let mebibyte = 1_048_576

    @Test("An echo of 1 MiB arrives byte for byte, whatever calls come to", arguments: 0..<6, [false, true])
    func echo(seed: UInt64, overTCP: Bool) throws {
        let kernel = ScriptedKernel(faults: .all, seed: seed)
        let loop = try Loop(kernel: kernel)
        let (left, right) = try overTCP ? tcpPair() : socketPair()
        let sent = randomBytes(Self.mebibyte, seed: seed)
        let talker = try Talker(left, sends: sent, on: loop)
        let echo = try Echo(right, on: loop)
        #expect(try loop.turn(until: { talker.isDone && echo.isDone }), "seed \(seed) stalls")
        #expect(talker.failures.isEmpty && echo.failures.isEmpty)
        #expect(talker.received == sent, "seed \(seed)")
        #expect(loop.buffers.bytesInUse == 0)
        #expect(loop.count == 0)
    }

    @Test("Both directions run at once, and each ends on its own", arguments: 100..<104)
    func duplex(seed: UInt64) throws {
        let loop = try Loop(kernel: ScriptedKernel(faults: .all, seed: seed))
        let (left, right) = try socketPair()
        let (long, short) = (randomBytes(Self.mebibyte, seed: seed), randomBytes(1_000, seed: seed + 1))
        let first = try Talker(left, sends: long, on: loop)
        let second = try Talker(right, sends: short, on: loop)
        #expect(try loop.turn(until: { first.isDone && second.isDone }), "seed \(seed) stalls")
        #expect(first.received == short && second.received == long)
        #expect(loop.buffers.bytesInUse == 0)
    }

    @Test("A reader that stops bounds what the writer holds, the loop rests, and nothing is lost when it goes on")
    func backpressure() throws {
        let loop = try Loop(kernel: ScriptedKernel())
        let (left, right) = try socketPair()
        let sent = randomBytes(2 * Self.mebibyte, seed: 1)
        let talker = try Talker(left, sends: sent, on: loop)
        talker.isReading = false
        let echo = try Echo(right, on: loop)
        var before = -1
        _ = try loop.turn(until: {
            defer { before = talker.unsentCount }
            return before == talker.unsentCount
        })
        #expect(talker.unsentCount > Self.mebibyte / 2, "the sockets do not hold it all")
        #expect(echo.largestHeld <= BufferSize.tiny.bytes + BufferSize.standard.bytes)
        let calls = (loop.kernel as? ScriptedKernel)?.calls
        for _ in 0..<3 { try loop.turn(limit: .milliseconds(1)) }
        let after = (loop.kernel as? ScriptedKernel)?.calls
        #expect(calls?[.read] == after?[.read] && calls?[.write] == after?[.write], "no call that moves nothing")
        talker.isReading = true
        loop.resumeLater(talker)
        #expect(try loop.turn(until: { talker.isDone && echo.isDone }))
        #expect(talker.received == sent)
        #expect(echo.largestHeld <= BufferSize.tiny.bytes + BufferSize.standard.bytes)
        #expect(loop.buffers.bytesInUse == 0)
    }

    @Test(
        "A reset in the middle is reported once, as what it was, and costs no memory",
        arguments: [
            (ScriptedKernel.Call.read, Errno.connectionReset), (.write, .brokenPipe), (.write, .connectionReset),
        ])
    func reset(call: ScriptedKernel.Call, error: Errno) throws {
        let kernel = ScriptedKernel()
        let loop = try Loop(kernel: kernel)
        let (left, right) = try socketPair()
        let echo = try Echo(right, on: loop)
        let talker = try Talker(left, sends: randomBytes(100_000, seed: 3), on: loop)
        kernel.script[call] = [.pass, .pass, .fail(.interrupted), .fail(error)]
        #expect(try loop.turn(until: { !talker.failures.isEmpty || !echo.failures.isEmpty }))
        #expect(talker.failures + echo.failures == [error])
    }

    @Test("A peer that is gone is an error of the write, not a signal")
    func noSignal() throws {
        let (left, right) = try socketPair()
        let stream = ByteStream(FileDescriptor(owning: left))
        close(right)
        let (kernel, pool) = (Kernel(), BufferPool())
        for gathers in [false, true] {
            let first = Buffer()
            let second = Buffer()
            first.reserve(1, from: pool)
            first.append([1])
            second.reserve(1, from: pool)
            second.append([2])
            let result =
                gathers
                ? stream.write(first, then: second, limit: 1, on: kernel) : stream.write(first, on: kernel)
            #expect(result == .failed(.brokenPipe))
        }
    }
}
