import BookendCore
import BookendProxy

/// How `memory:` is divided, so that all parts together stay within it.
public struct MemoryPlan: Sendable, Equatable {
    /// Both processes with their libraries, the queue of the log, the table of clients, and memory that is kept for reuse.
    private static let program = 24 << 20
    /// Tables for a client's connection and one to a server.
    private static let tables = 1 << 10
    /// What a connection holds in buffers, on average: most are idle and hold nothing.
    private static let averageBuffers = 15 << 10

    /// Client connections, over all workers.
    public let connections: Int
    /// Bytes of buffers, over all workers. New requests are refused before it is reached.
    public let buffers: Int

    /// What a service manager should allow: a quarter more, for what the kernel counts to a group and takes back under pressure
    /// (pages of logs), and for programs that tell people.
    static func serviceLimit(_ memory: ByteCount) -> ByteCount { ByteCount(bytes: memory.bytes / 4 * 5) }

    /// - Parameter possible: connections that descriptors allow.
    init(_ memory: ByteCount, possible: Int) {
        let divided = memory.bytes - Self.program
        connections = min(possible, divided / (Self.tables + Self.averageBuffers))
        buffers = divided - connections * Self.tables
    }
}

extension MemoryPlan: CustomStringConvertible {
    public var description: String {
        func mebibytes(_ bytes: Int) -> String { "\((bytes + (1 << 19)) >> 20) MiB" }
        return """
            \(mebibytes(Self.program)) for the program, \(mebibytes(connections * Self.tables)) for \(connections) connections, \
            \(mebibytes(buffers)) for buffers; from \(mebibytes(BufferShare.refusing(of: buffers))) on requests are refused
            """
    }
}
