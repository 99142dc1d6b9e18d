import BookendCore

/// A server that is well, or has one of the faults of control.md, section 2.
struct SimulatedServer {
    enum Mode: CaseIterable {
        case well
        /// Its process is gone: connections are refused.
        case down
        /// It hangs: connections are taken by the kernel, nothing answers.
        case stopped
        /// Nothing comes through in either direction.
        case cutOff
        /// Ten times slower.
        case slow
        /// Answers 500 at once.
        case failing
        /// Serves, but its health path does not.
        case unwell
    }

    private struct Waiting {
        let done: Moment
        /// When it was sent.
        let began: Moment
    }

    let latency: TimeSpan
    /// Whether its health path fails with the rest.
    let isHonest: Bool
    private(set) var mode = Mode.well
    private(set) var modeSince: Moment
    private(set) var signs = Signs()
    /// It was well since the beginning.
    private(set) var wasAlwaysWell = true
    private var waiting: [Waiting] = []
    /// A probe under way: when it began, and when an answer would come.
    private(set) var probe: (began: Moment, due: Moment)?

    init(_ latency: TimeSpan, isHonest: Bool, at now: Moment) {
        self.latency = latency
        self.isHonest = isHonest
        modeSince = now
    }

    private var isSilent: Bool { mode == .stopped || mode == .cutOff }

    /// - Returns: true when requests in flight lose their connections.
    mutating func enter(_ next: Mode, at now: Moment) -> Bool {
        guard next != mode else { return false }
        let hadRequests = !waiting.isEmpty
        let wasSilent = isSilent
        mode = next
        modeSince = now
        wasAlwaysWell = false
        if next == .down {
            signs.spoiled += UInt64(waiting.count)
            waiting.removeAll()
            if let probe { self.probe = (probe.began, now) }
            return hadRequests
        }
        // Whoever was stopped goes on where it was.
        if wasSilent, !isSilent {
            waiting = waiting.map { Waiting(done: max(now, $0.done), began: $0.began) }
            if let probe { self.probe = (probe.began, now) }
        }
        return false
    }

    /// Bookend began anew: what it had in flight is lost with it, and it counts from nothing.
    mutating func forgetBookend() {
        waiting.removeAll()
        probe = nil
        signs = Signs()
    }

    /// Another server is asked from now on. What was counted under its number stays counted.
    mutating func replace(at now: Moment) {
        waiting.removeAll()
        probe = nil
        mode = .well
        modeSince = now
        wasAlwaysWell = true
    }

    /// A request arrives; how it is lost, if it is.
    mutating func take(at now: Moment) -> Loss? {
        guard mode != .down else {
            signs.connectFailures += 1
            return .refused
        }
        let time = mode == .failing ? 1 : mode == .slow ? 10 * latency.nanoseconds : latency.nanoseconds
        waiting.append(Waiting(done: now + TimeSpan(nanoseconds: time), began: now))
        return nil
    }

    mutating func beginProbe(at now: Moment) {
        let time = mode == .slow ? 10 * latency.nanoseconds : latency.nanoseconds
        probe = (now, mode == .down ? now : now + TimeSpan(nanoseconds: time))
    }

    /// What is answered by now, counted; the probe's result, if it is there.
    mutating func answer(at now: Moment, probeTimeout: TimeSpan) -> ProbeResult? {
        if !isSilent {
            for request in waiting where request.done <= now {
                if mode == .failing {
                    signs.failed += 1
                } else {
                    let log = LogLatency.of(now - request.began)
                    signs.answered += 1
                    signs.whole += 1
                    signs.logSum += log
                    signs.logSquares += log * log
                }
            }
            waiting.removeAll { $0.done <= now }
        }
        signs.inFlight = waiting.count
        signs.awaited = waiting.count
        guard let probe else { return nil }
        if !isSilent, probe.due <= now {
            self.probe = nil
            return mode == .down
                ? .lost : mode == .unwell || mode == .failing && isHonest ? .wrong(.status(500)) : .good
        }
        guard now - probe.began >= probeTimeout else { return nil }
        self.probe = nil
        return .timedOut
    }
}
