import Glibc
import Synchronization

/// One end of a TCP connection, blocking, every call within a limit. Sends any bytes, in any pieces.
final class Connection: Sendable {
    /// How a wait for bytes ended without any.
    enum Ending: Error, Equatable {
        /// The peer's end, in good order.
        case end
        case reset
        case timedOut
    }

    /// Seconds that one read or write may take.
    static let patience = 15.0

    private struct State {
        var raw: Int32
        /// Read and not yet asked for.
        var pending: [UInt8] = []
    }

    private let state: Mutex<State>
    private let raw: Int32

    init(owning raw: Int32) {
        Socket.setTimeout(raw, seconds: Self.patience)
        var on: Int32 = 1
        setsockopt(raw, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        self.raw = raw
        state = Mutex(State(raw: raw))
    }

    /// - Parameters:
    ///   - source: the address that the peer sees.
    ///   - receiveBuffer: bytes that the kernel holds for a reader that does not read; the system's choice if nil.
    convenience init(
        to port: UInt16, host: String = "127.0.0.1", from source: String? = nil, receiveBuffer: Int32? = nil
    ) throws {
        let raw = try Socket.stream()
        if var size = receiveBuffer {
            setsockopt(raw, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        if let source { _ = Address(source, 0).with { bind(raw, $0, $1) } }
        guard Address(host, port).with({ connect(raw, $0, $1) }) == 0 else {
            let error = errno
            Glibc.close(raw)
            throw Failure("cannot connect to port \(port): \(String(cString: strerror(error)))")
        }
        self.init(owning: raw)
    }

    deinit { close() }

    // MARK: - Sending

    func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(raw, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw errno == EAGAIN ? Ending.timedOut : Ending.reset }
            sent += count
        }
    }

    /// No more bytes from here; reading goes on. May be called after `close`, when the number is another's already.
    func finish() {
        state.withLock { if $0.raw >= 0 { shutdown($0.raw, Int32(SHUT_WR)) } }
    }

    func close() {
        state.withLock { state in
            if state.raw >= 0 { Glibc.close(state.raw) }
            state.raw = -1
        }
    }

    /// Ends without any order: the peer gets a reset.
    func reset() {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(raw, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    // MARK: - Receiving

    /// At least one byte.
    func some(atMost most: Int = 65_536) throws -> [UInt8] {
        let pending = state.withLock { state in
            defer { state.pending = Array(state.pending.dropFirst(most)) }
            return Array(state.pending.prefix(most))
        }
        return pending.isEmpty ? try fresh(atMost: most) : pending
    }

    /// Exactly so many.
    func bytes(_ count: Int) throws -> [UInt8] {
        var all: [UInt8] = []
        while all.count < count { all += try some(atMost: count - all.count) }
        return all
    }

    /// All up to and including `mark`.
    func bytes(through mark: String) throws -> [UInt8] {
        let mark = Array(mark.utf8)
        var all: [UInt8] = []
        while true {
            let from = max(0, all.count - mark.count + 1)
            all += try some()
            if let end = Search.firstEnd(of: mark, in: all, from: from) {
                let rest = Array(all[end...])
                state.withLock { $0.pending = rest + $0.pending }
                return Array(all[..<end])
            }
        }
    }

    /// All until the end; `isClean` is false when that was a reset.
    func rest() throws -> (bytes: [UInt8], isClean: Bool) {
        var all: [UInt8] = []
        while true {
            do {
                all += try some()
            } catch Ending.end {
                return (all, true)
            } catch Ending.reset {
                return (all, false)
            }
        }
    }

    /// Waits for the peer's end, in order or not, and for no byte before it.
    func isClosed() -> Bool {
        do {
            _ = try some()
            return false
        } catch {
            return error as? Ending != .timedOut
        }
    }

    /// Whether nothing comes for that long: no byte and no end.
    func isSilent(for seconds: Double) -> Bool {
        Socket.setTimeout(raw, seconds: seconds)
        defer { Socket.setTimeout(raw, seconds: Self.patience) }
        do {
            let early = try some()
            state.withLock { $0.pending = early + $0.pending }
            return false
        } catch {
            return error as? Ending == .timedOut
        }
    }

    private func fresh(atMost most: Int) throws -> [UInt8] {
        while true {
            var error: Int32 = 0
            var length = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: most) { memory, count in
                length = recv(raw, memory.baseAddress, most, 0)
                error = errno
                count = max(0, length)
            }
            if length > 0 { return bytes }
            if length == 0 { throw Ending.end }
            if error == EINTR { continue }
            throw error == EAGAIN ? Ending.timedOut : Ending.reset
        }
    }
}

enum Search {
    /// The place after the first `mark`.
    static func firstEnd(of mark: [UInt8], in bytes: [UInt8], from start: Int = 0) -> Int? {
        guard let first = mark.first else { return start }
        return bytes.withUnsafeBytes { memory in
            mark.withUnsafeBytes { wanted in
                guard let base = memory.baseAddress else { return nil }
                var at = start
                while at + wanted.count <= memory.count,
                    let found = memchr(base + at, Int32(first), memory.count - wanted.count + 1 - at)
                {
                    at = base.distance(to: UnsafeRawPointer(found))
                    if memcmp(base + at, wanted.baseAddress!, wanted.count) == 0 { return at + wanted.count }
                    at += 1
                }
                return nil
            }
        }
    }
}
