import BookendCore
import BookendLoop
import CLinux
import Glibc
import Testing

/// Two connected Unix stream sockets, non-blocking.
func socketPair() throws -> (Int32, Int32) {
    var pair: (Int32, Int32) = (-1, -1)
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let status = withUnsafeMutableBytes(of: &pair) {
        socketpair(AF_UNIX, kind, 0, $0.baseAddress!.assumingMemoryBound(to: Int32.self))
    }
    try #require(status == 0)
    return pair
}

/// Both ends of a TCP connection over loopback, non-blocking.
func tcpPair() throws -> (Int32, Int32) {
    let listener = FileDescriptor(owning: try ListeningSocket.group(.loopback, count: 1)[0])
    let kernel = Kernel()
    let client = try kernel.connecting(to: ListeningSocket.local(listener))
    var peer = SocketAddress()
    for _ in 0..<1_000 {
        if case .success(let server) = kernel.accept(listener.raw, from: &peer) { return (client.release(), server) }
        usleep(1_000)
    }
    throw Errno.timedOut
}

extension SocketAddress {
    static var loopback: SocketAddress { SocketAddress(ipv4: (127, 0, 0, 1), port: 0) }
}

extension Loop {
    /// Turns until the condition holds; false when it did not within `limit`.
    func turn(until isDone: () -> Bool, within limit: TimeSpan = .seconds(5)) throws -> Bool {
        let clock = Kernel()
        let end = clock.now() + limit
        while !isDone() {
            if clock.now() > end { return false }
            try turn(limit: .milliseconds(20))
        }
        return true
    }
}

extension Buffer {
    func append(_ bytes: ArraySlice<UInt8>) {
        append { output in
            bytes.withUnsafeBytes { source in
                output.withUnsafeMutableBufferPointer { memory, count in
                    guard let start = memory.baseAddress, !source.isEmpty else { return }
                    memcpy(start + count, source.baseAddress!, source.count)
                    count += source.count
                }
            }
        }
    }

    func holds(_ bytes: [UInt8]) -> Bool {
        withBytes { span in
            span.withUnsafeBytes { held in
                held.count == bytes.count && (bytes.isEmpty || memcmp(held.baseAddress!, bytes, bytes.count) == 0)
            }
        }
    }

    /// Takes all out.
    func drain(into bytes: inout [UInt8]) {
        withBytes { span in span.withUnsafeBytes { bytes.append(contentsOf: $0) } }
        consume(count)
    }
}

/// Random bytes that a failing test can be replayed with.
func randomBytes(_ count: Int, seed: UInt64) -> [UInt8] {
    var random = SeededRandom(seed: seed)
    var words = [UInt64](repeating: 0, count: count / 8 + 1)
    for index in words.indices { words[index] = random.next() }
    return words.withUnsafeBytes { Array($0.prefix(count)) }
}

/// A source that does what the test says.
final class Probe: EventSource {
    var onReady: (Readiness) -> Void = { _ in }
    var onDeadline: () -> Void = {}
    var onResumed: () -> Void = {}
    private(set) var edges = 0
    private(set) var deadlines = 0
    private(set) var resumptions = 0

    override func ready(_ readiness: Readiness) {
        edges += 1
        onReady(readiness)
    }

    override func deadlinePassed() {
        deadlines += 1
        onDeadline()
    }

    override func resumed() {
        resumptions += 1
        onResumed()
    }
}

/// A directory that goes away with its owner.
final class TemporaryDirectory {
    let path: String

    init() throws {
        var template = Array("/tmp/bookend-loop-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    deinit {
        guard let directory = opendir(path) else { return }
        while let entry = readdir(directory) {
            _ = withUnsafePointer(to: &entry.pointee.d_name) { name in
                unlinkat(dirfd(directory), UnsafeRawPointer(name).assumingMemoryBound(to: CChar.self), 0)
            }
        }
        closedir(directory)
        rmdir(path)
    }
}
