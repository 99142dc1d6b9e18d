/// Memory for buffers, one pool per loop: taking and returning are a push and a pop, without locks. Buffers do not keep
/// it alive, so it has to outlive them.
public final class BufferPool {
    /// Memory kept for reuse, per size; what comes back beyond it goes to the allocator.
    /// 2 MiB: enough that a steady load never allocates, little enough that a burst does not stay in memory.
    private static let keptBytes = 2 * 1_024 * 1_024

    /// Free memory of one size: each piece holds the address of the next.
    private struct Shelf {
        var first: UnsafeMutableRawPointer?
        var count = 0

        mutating func push(_ memory: UnsafeMutableRawPointer) {
            memory.storeBytes(of: first, as: UnsafeMutableRawPointer?.self)
            first = memory
            count &+= 1
        }

        mutating func pop() -> UnsafeMutableRawPointer? {
            guard let memory = first else { return nil }
            first = memory.load(as: UnsafeMutableRawPointer?.self)
            count &-= 1
            return memory
        }
    }

    private var shelves = InlineArray<5, Shelf>(repeating: Shelf())

    private var taken = 0

    /// Bytes now held by buffers.
    public var bytesInUse: Int { taken }

    public init() {
        precondition(BufferSize.allCases.count == shelves.count, "a shelf for every size")
    }

    deinit {
        precondition(bytesInUse == 0, "a buffer outlives its pool")
        for index in shelves.indices {
            while let memory = shelves[index].pop() { memory.deallocate() }
        }
    }

    func take(_ size: BufferSize) -> UnsafeMutableRawPointer {
        taken += size.bytes
        return shelves[Int(size.rawValue)].pop() ?? .allocate(byteCount: size.bytes, alignment: 64)
    }

    func give(_ memory: UnsafeMutableRawPointer, _ size: BufferSize) {
        taken -= size.bytes
        if shelves[Int(size.rawValue)].count < Self.keptBytes / size.bytes {
            shelves[Int(size.rawValue)].push(memory)
        } else {
            memory.deallocate()
        }
    }
}
