public import BookendCore
public import BookendLoop
public import CLinux
import Glibc

/// The real kernel made unreliable: it sits over real sockets and lets calls come out as a script or a seed says.
///
/// With edge-triggered epoll the real kernel tells only of changes. Whoever is told EAGAIN, or gets less than there
/// was, waits for an edge that the real kernel has no reason to send; so every such fault owes one, delivered by a
/// later `wait`. An owed edge names its registration, not its descriptor: it may come after the source has gone.
public final class ScriptedKernel: Kernel {
    public enum Call: Hashable, Sendable {
        case read, write, accept, connect, connectError, wait
    }

    /// What a scripted call comes to instead.
    public enum Step: Sendable {
        case pass
        case fail(Errno)
        /// At most so many bytes move.
        case short(Int)
    }

    /// Chances in percent, for calls that no script covers.
    public struct Faults: Sendable {
        public var short = 0
        public var wouldBlock = 0
        public var interrupted = 0
        /// Edges that come up to three waits late.
        public var late = 0
        /// Edges of one wait come in any order.
        public var isShuffled = false

        public static let none = Faults()
        public static let all = Faults(short: 40, wouldBlock: 15, interrupted: 10, late: 15, isShuffled: true)
    }

    private struct Owed {
        var token: UInt64
        var events: UInt32
        var waits: Int
    }

    private struct Registration {
        var descriptor: Int32
        var token: UInt64
    }

    public var faults: Faults
    public var script: [Call: [Step]] = [:]
    public private(set) var calls: [Call: Int] = [:]
    /// Waits for which edges of a descriptor that began to connect are held back.
    public var waitsBeforeConnectResult = 0
    /// When set, time is this and passes only by waiting, at once.
    public var virtualNow: Moment?
    /// Runs before each wait; for what happens while the loop sleeps.
    public var beforeWait: () -> Void = {}

    private var random: SeededRandom
    private var registrations: [Registration] = []
    private var owed: [Owed] = []
    private var connecting: [Int32: Int] = [:]

    public init(faults: Faults = .none, seed: UInt64 = 0) {
        self.faults = faults
        random = SeededRandom(seed: seed)
    }

    /// The token a descriptor was last registered with.
    public func token(of descriptor: Int32) -> UInt64? {
        registrations.last { $0.descriptor == descriptor }?.token
    }

    /// The next wait, or a later one, tells this edge, whatever the real kernel knows.
    public func owe(token: UInt64, _ readiness: Readiness, afterWaits waits: Int = 0) {
        owed.append(Owed(token: token, events: readiness.rawValue, waits: waits))
    }

    public override func read(_ descriptor: Int32, into memory: UnsafeMutableRawBufferPointer) -> Transfer {
        switch nextStep(.read, bytes: memory.count) {
        case .pass:
            return super.read(descriptor, into: memory)
        case .fail(let error):
            if error == .wouldBlock { owe(descriptor, .readable) }
            return error == .wouldBlock ? .wouldBlock : .failed(error)
        case .short(let count):
            owe(descriptor, .readable)
            return super.read(descriptor, into: UnsafeMutableRawBufferPointer(rebasing: memory.prefix(count)))
        }
    }

    public override func write(_ descriptor: Int32, _ memory: UnsafeRawBufferPointer) -> Transfer {
        switch nextStep(.write, bytes: memory.count) {
        case .pass:
            return super.write(descriptor, memory)
        case .fail(let error):
            return failedWrite(descriptor, error)
        case .short(let count):
            owe(descriptor, .writable)
            return super.write(descriptor, UnsafeRawBufferPointer(rebasing: memory.prefix(count)))
        }
    }

    public override func write(
        _ descriptor: Int32, _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer
    ) -> Transfer {
        switch nextStep(.write, bytes: first.count + second.count) {
        case .pass:
            return super.write(descriptor, first, second)
        case .fail(let error):
            return failedWrite(descriptor, error)
        case .short(let count):
            owe(descriptor, .writable)
            return super.write(
                descriptor, UnsafeRawBufferPointer(rebasing: first.prefix(count)),
                UnsafeRawBufferPointer(rebasing: second.prefix(max(0, count - first.count))))
        }
    }

    public override func accept(_ descriptor: Int32, from peer: inout SocketAddress) -> Result<Int32, Errno> {
        guard case .fail(let error) = nextStep(.accept, bytes: 0) else { return super.accept(descriptor, from: &peer) }
        if error == .wouldBlock { owe(descriptor, .readable) }
        return .failure(error)
    }

    public override func connect(_ descriptor: Int32, to address: SocketAddress) -> Errno? {
        if case .fail(let error) = nextStep(.connect, bytes: 0) { return error }
        if waitsBeforeConnectResult > 0 { connecting[descriptor] = waitsBeforeConnectResult }
        return super.connect(descriptor, to: address)
    }

    public override func connectError(_ descriptor: Int32) -> Errno? {
        if case .fail(let error) = nextStep(.connectError, bytes: 0) { return error }
        return super.connectError(descriptor)
    }

    public override func register(_ descriptor: Int32, with epoll: Int32, events: UInt32, token: UInt64) -> Errno? {
        registrations.removeAll { $0.descriptor == descriptor }
        registrations.append(Registration(descriptor: descriptor, token: token))
        return super.register(descriptor, with: epoll, events: events, token: token)
    }

    public override func now() -> Moment {
        virtualNow ?? super.now()
    }

    public override func wait(
        epoll: Int32, for timeout: TimeSpan?, into events: UnsafeMutableBufferPointer<epoll_event>
    ) -> Result<Int, Errno> {
        beforeWait()
        if case .fail(let error) = nextStep(.wait, bytes: 0) { return .failure(error) }
        let isImmediate = !owed.isEmpty || virtualNow != nil
        // Half of the room is for edges that are owed.
        let room = UnsafeMutableBufferPointer(rebasing: events.prefix(events.count / 2))
        let result = super.wait(epoll: epoll, for: isImmediate ? .zero : timeout, into: room)
        guard case .success(let found) = result else { return result }
        var count = delayed(room, found)
        deliverOwed(into: events, &count)
        if count == 0, let timeout, let now = virtualNow { virtualNow = now + timeout }
        if faults.isShuffled {
            var told = UnsafeMutableBufferPointer(rebasing: events.prefix(count))
            told.shuffle(using: &random)
        }
        return .success(count)
    }

    /// Holds some edges back for later waits; gives how many of the `found` remain.
    private func delayed(_ events: UnsafeMutableBufferPointer<epoll_event>, _ found: Int) -> Int {
        var kept = 0
        for index in 0..<found {
            let token = clinux_epoll_token(&events[index])
            let waits = delay(of: token)
            if waits > 0 {
                owed.append(Owed(token: token, events: events[index].events, waits: waits))
            } else {
                events[kept] = events[index]
                kept += 1
            }
        }
        return kept
    }

    private func delay(of token: UInt64) -> Int {
        if let descriptor = registrations.first(where: { $0.token == token })?.descriptor,
            let waits = connecting.removeValue(forKey: descriptor)
        {
            return waits
        }
        return happens(faults.late) ? .random(in: 1...3, using: &random) : 0
    }

    private func deliverOwed(into events: UnsafeMutableBufferPointer<epoll_event>, _ count: inout Int) {
        var remaining: [Owed] = []
        for var edge in owed {
            if edge.waits > 0 || count == events.count {
                edge.waits -= 1
                remaining.append(edge)
            } else {
                events[count] = clinux_epoll_event(edge.events, edge.token)
                count += 1
            }
        }
        owed = remaining
    }

    private func owe(_ descriptor: Int32, _ readiness: Readiness) {
        guard let token = token(of: descriptor) else { return }
        owe(token: token, readiness, afterWaits: happens(faults.late) ? .random(in: 1...3, using: &random) : 0)
    }

    private func failedWrite(_ descriptor: Int32, _ error: Errno) -> Transfer {
        guard error == .wouldBlock else { return .failed(error) }
        owe(descriptor, .writable)
        return .wouldBlock
    }

    private func nextStep(_ call: Call, bytes: Int) -> Step {
        calls[call, default: 0] += 1
        if let step = script[call]?.first {
            script[call]?.removeFirst()
            return step
        }
        if happens(faults.interrupted), call != .connect, call != .connectError { return .fail(.interrupted) }
        if call == .read || call == .write || call == .accept, happens(faults.wouldBlock) { return .fail(.wouldBlock) }
        if bytes > 1, happens(faults.short) { return .short(.random(in: 1..<bytes, using: &random)) }
        return .pass
    }

    private func happens(_ percent: Int) -> Bool {
        percent > 0 && Int.random(in: 0..<100, using: &random) < percent
    }
}
