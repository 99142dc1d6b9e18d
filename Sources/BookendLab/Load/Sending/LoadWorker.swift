import BookendCore
import BookendLoop

/// One thread of the load: its loop, its part of the requests, its connections, its tally. Nothing is shared.
final class LoadWorker {
    let plan: LoadPlan
    let loop: Loop
    var tally: LoadTally

    private let start: Moment
    private let connectionLimit: Int
    private let outstandingLimit: Int
    private var pacer: Pacer
    private var waiting = WaitingRequests()
    private var connections: [LoadConnection] = []
    private var idle: [LoadConnection] = []
    private var connecting = 0
    private var busy = 0
    private var meter: ProgressMeter
    /// What happened since the last progress, once the run is over.
    private(set) var rest = LoadProgress()

    init(_ plan: LoadPlan, thread: Int, start: Moment, on loop: Loop) {
        self.plan = plan
        self.loop = loop
        self.start = start
        connectionLimit = plan.share(of: plan.connections, thread: thread)
        outstandingLimit = plan.share(of: plan.outstanding, thread: thread)
        pacer = Pacer(plan, thread: thread, start: start)
        tally = LoadTally(countingHeader: plan.countedHeader)
        meter = ProgressMeter(start: start)
    }

    /// Requests that wait or are under way.
    private var outstanding: Int { waiting.count + busy }

    /// Sends until the plan is done and every request has come to its end, or until `shouldStop`.
    func run(shouldStop: () -> Bool, progress: (LoadProgress) -> Void) throws(Errno) {
        while !isDone {
            if shouldStop() {
                stop()
                break
            }
            release()
            expireWaiting()
            assignWaiting()
            try loop.turn(limit: waitingTime)
            assignWaiting()
            if meter.isDue(at: loop.now) { progress(meter.report(tally, outstanding: outstanding, at: loop.now)) }
        }
        rest = meter.report(tally, outstanding: 0, at: loop.kernel.now())
        while let connection = connections.last { connection.close() }
    }

    private var isDone: Bool { outstanding == 0 && pacer.isOver(at: loop.now) }

    /// Until the next intended send, to the nanosecond: the timers of the loop are too coarse for that.
    private var waitingTime: TimeSpan {
        let now = loop.kernel.now()
        var wake = now + LoadLimits.turn
        if let next = pacer.wake(outstanding: outstanding, at: now) { wake = min(wake, next) }
        if let oldest = waiting.oldest { wake = min(wake, oldest.intended + plan.timeout) }
        return wake - now
    }

    /// What was under way is not counted as an error: the server had no chance to answer it.
    private func stop() {
        tally.unfinished += UInt64(waiting.removeAll() + busy)
    }
}

// MARK: - Requests

extension LoadWorker {
    /// Takes what is due. Some at a time, so that answers are read in between even when the generator is behind.
    private func release() {
        for _ in 0..<LoadLimits.releasedPerTurn {
            let now = loop.kernel.now()
            guard let (intended, number) = pacer.take(outstanding: outstanding, at: now) else { return }
            tally.due += 1
            let delay = now - intended
            tally.delay.record(delay)
            if delay > plan.lateAfter { tally.late += 1 }
            guard outstanding < outstandingLimit else {
                tally.notSent += 1
                continue
            }
            let request = DueRequest(intended: intended, index: plan.mix.index(of: number))
            if waiting.isEmpty, let connection = idle.popLast() {
                begin(request, on: connection)
            } else {
                if connections.count >= connectionLimit { tally.queued += 1 }
                waiting.append(request)
            }
        }
    }

    /// Gives waiting requests the idle connections, and makes new ones for the rest.
    private func assignWaiting() {
        while !waiting.isEmpty, let connection = idle.popLast() {
            if let request = waiting.popFirst() { begin(request, on: connection) }
        }
        while connecting < waiting.count, connections.count < connectionLimit {
            connect()
        }
    }

    private func begin(_ request: DueRequest, on connection: LoadConnection) {
        busy += 1
        connection.begin(request)
    }

    private func expireWaiting() {
        let now = loop.kernel.now()
        while let oldest = waiting.oldest, oldest.intended + plan.timeout <= now {
            _ = waiting.popFirst()
            note(.timeout, at: now)
        }
    }

    func answered(
        _ request: DueRequest, status: Int, sent: Moment, on connection: LoadConnection, reusable: Bool
    ) {
        let now = loop.kernel.now()
        busy -= 1
        let latency = now - request.intended
        tally.elapsed = now - start
        tally.answer(
            status: status, latency: latency, fromSend: now - sent,
            isInTime: plan.period.map { tally.elapsed <= $0 } ?? true)
        meter.latency.record(latency)
        if reusable && plan.reusesConnections { idle.append(connection) } else { connection.close() }
    }

    func failed(_ kind: FailureKind, on connection: LoadConnection) {
        busy -= 1
        note(kind, at: loop.kernel.now())
        connection.close()
    }

    private func note(_ kind: FailureKind, at now: Moment) {
        tally.elapsed = now - start
        tally.fail(kind)
    }
}

// MARK: - Connections

extension LoadWorker {
    private func connect() {
        do throws(Errno) {
            let socket = try loop.kernel.connecting(to: plan.address)
            let connection = try LoadConnection(socket, of: self)
            connection.slot = connections.count
            connections.append(connection)
            connecting += 1
        } catch {
            failOldest(FailureKind(connecting: error))
        }
    }

    func connectionStands(_ connection: LoadConnection) {
        connecting -= 1
        tally.connections += 1
        idle.append(connection)
    }

    func connectionFailed(_ connection: LoadConnection, _ kind: FailureKind) {
        connecting -= 1
        connection.close()
        failOldest(kind)
    }

    /// A connection is made because a request waits; so one that cannot be made fails one, if one still waits.
    private func failOldest(_ kind: FailureKind) {
        let now = loop.kernel.now()
        pacer.noteFailedConnection(at: now)
        if waiting.popFirst() != nil { note(kind, at: now) }
    }

    func idleConnectionEnded(_ connection: LoadConnection) {
        if let place = idle.lastIndex(where: { $0 === connection }) { idle.remove(at: place) }
        connection.close()
    }

    func forget(_ connection: LoadConnection) {
        let last = connections.removeLast()
        guard last !== connection else { return }
        last.slot = connection.slot
        connections[connection.slot] = last
    }
}
