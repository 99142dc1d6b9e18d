import BookendCore
import BookendLoop
import Testing

@Suite("Buffer")
struct BufferTests {
    @Test("Is a queue of bytes, whatever the order of operations, and gives all memory back", arguments: 0..<10)
    func model(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let source = randomBytes(300_000, seed: seed)
        let pool = BufferPool()
        do {
            let buffer = Buffer()
            var model: [UInt8] = []
            for step in 0..<1_000 {
                switch Int.random(in: 0..<20, using: &random) {
                case 0..<9:
                    let wanted = Int.random(in: 0...(1 << Int.random(in: 0...17, using: &random)), using: &random)
                    let fits = buffer.reserve(wanted, from: pool)
                    #expect(fits == (model.count + wanted <= BufferSize.huge.bytes))
                    guard fits else { break }
                    let from = Int.random(in: 0...(source.count - wanted), using: &random)
                    buffer.append(source[from..<from + wanted])
                    model += source[from..<from + wanted]
                case 9..<16:
                    let bytes = Int.random(in: 0...model.count, using: &random)
                    buffer.consume(bytes)
                    model.removeFirst(bytes)
                case 16..<19:
                    let before = buffer.capacity
                    buffer.fit(from: pool)
                    let fitting = BufferSize(holding: model.count + 1) ?? .huge
                    let after = buffer.capacity
                    #expect(after <= min(before, fitting.bytes), "what waits costs no more than it has to")
                default:
                    buffer.release()
                    model.removeAll()
                }
                let isSame = buffer.holds(model) && buffer.count == model.count && buffer.isEmpty == model.isEmpty
                #expect(isSame, "step \(step)")
                let (capacity, room) = (buffer.capacity, buffer.freeCapacity)
                #expect(capacity >= model.count + room && pool.bytesInUse == capacity, "step \(step)")
            }
        }
        #expect(pool.bytesInUse == 0)
    }

    @Test("Without memory it is empty, takes none, and cannot be overfilled")
    func withoutMemory() {
        let buffer = Buffer()
        buffer.append { output in
            let room = output.freeCapacity
            #expect(room == 0)
        }
        buffer.consume(0)
        buffer.release()
        let isEmpty = buffer.isEmpty && !buffer.hasMemory && buffer.capacity == 0
        #expect(isEmpty)
    }

    @Test("Room that no buffer has is refused and changes nothing, however much is asked for")
    func refused() {
        let pool = BufferPool()
        let buffer = Buffer()
        buffer.reserve(3, from: pool)
        buffer.append([1, 2, 3])
        for tooMuch in [BufferSize.huge.bytes - 2, .max] {
            let isGranted = buffer.reserve(tooMuch, from: pool)
            #expect(!isGranted)
        }
        let isSame = buffer.holds([1, 2, 3]) && buffer.capacity == BufferSize.tiny.bytes
        #expect(isSame)
        let isGranted = buffer.reserve(BufferSize.huge.bytes - 3, from: pool)
        #expect(isGranted)
    }

    @Test("What a failed append had written is not there")
    func failedAppend() {
        struct Failure: Error {}
        let pool = BufferPool()
        let buffer = Buffer()
        buffer.reserve(8, from: pool)
        buffer.append([7])
        do throws(Failure) {
            try buffer.append { output throws(Failure) in
                output.append(8)
                throw Failure()
            }
            Issue.record("the failure is lost")
        } catch {}
        let isSame = buffer.holds([7])
        #expect(isSame)
    }

    @Test("Sizes are the smallest that hold, with no gap")
    func sizes() {
        #expect(BufferSize(holding: 0) == .tiny)
        for size in BufferSize.allCases {
            #expect(BufferSize(holding: size.bytes) == size)
            #expect(BufferSize(holding: size.bytes + 1) == BufferSize(rawValue: size.rawValue + 1))
        }
    }
}

@Suite("Buffer pool")
struct BufferPoolTests {
    @Test("A burst of twice what the pool keeps comes back, and the memory is used again")
    func bound() {
        let pool = BufferPool()
        func hold(_ left: Int) {
            guard left > 0 else { return }
            let buffer = Buffer()
            buffer.reserve(BufferSize.large.bytes, from: pool)
            hold(left - 1)
        }
        // 64 of 64 KiB are twice what is kept for a size: half goes back to the allocator.
        hold(64)
        #expect(pool.bytesInUse == 0)
        hold(64)
        #expect(pool.bytesInUse == 0)
    }

    @Test("Counts what is held, by size, across buffers")
    func count() {
        let pool = BufferPool()
        let first = Buffer()
        let second = Buffer()
        first.reserve(1, from: pool)
        second.reserve(BufferSize.small.bytes + 1, from: pool)
        #expect(pool.bytesInUse == BufferSize.tiny.bytes + BufferSize.standard.bytes)
        first.release()
        #expect(pool.bytesInUse == BufferSize.standard.bytes)
        second.fit(from: pool)
        #expect(pool.bytesInUse == BufferSize.tiny.bytes)
        second.release()
        #expect(pool.bytesInUse == 0)
    }
}
