public import BookendCore
public import BookendLoop
public import Glibc

/// A program that is kept running in its memory bound: when it ends, it is started again.
public final class KeptProgram {
    public let bound: MemoryBound
    public private(set) var restarts = 0
    private let program: Program
    private let shim: String
    private var process: LimitedProcess?
    private var startedAt = Moment.origin
    private var startAt: Moment?
    private var delay = RestartDelay()
    private var killsSeen = 0
    private var lastOutput: [String] = []

    /// - Parameter shim: the `bookend` that takes a process's first steps (`LimitedStart`).
    public init(_ program: Program, in bound: MemoryBound, shim: String) {
        self.program = program
        self.bound = bound
        self.shim = shim
    }

    /// Nil while it does not run.
    public var processID: pid_t? { process?.id }

    public var used: ByteCount? { process.flatMap { bound.used(by: $0.id) } }

    /// What it said last, also before it ended.
    public var lastLines: [String] {
        process?.output.drain()
        return process?.output.lines ?? lastOutput
    }

    public func start(at now: Moment) throws(Errno) {
        startAt = nil
        process = try LimitedProcess(program, in: bound, shim: shim)
        startedAt = now
    }

    /// To be called a few times a second.
    public func look(at now: Moment) -> (news: ProgramNews?, said: [String]) {
        if let ending = takeEnding() {
            let wait = delay.next(afterLiving: now - startedAt)
            startAt = now + wait
            let kills = bound.outOfMemoryKills
            let cause = ProgramNews.Cause(ending.how, in: bound, kills: kills, before: killsSeen)
            killsSeen = kills
            return (.ended(ending.how, ending.process, cause, restartIn: wait), ending.said)
        }
        if process == nil, let due = startAt, due <= now { return (startAgain(at: now), []) }
        return (nil, process?.output.drain() ?? [])
    }

    /// How it ended, without a restart; nil while it runs.
    public func ending() -> ProcessEnding? { takeEnding()?.how }

    /// Does nothing once it has ended: its number may be another's by then.
    public func send(_ signal: Int32) {
        process?.send(signal)
    }

    private func startAgain(at now: Moment) -> ProgramNews {
        restarts += 1
        do throws(Errno) {
            try start(at: now)
            return .runsAgain(process?.id ?? 0)
        } catch {
            let wait = delay.next(afterLiving: .zero)
            startAt = now + wait
            return .cannotStart(error, nextTryIn: wait)
        }
    }

    private func takeEnding() -> (how: ProcessEnding, process: pid_t, said: [String])? {
        guard let process, let how = process.ending() else { return nil }
        let said = process.output.drain()
        lastOutput = process.output.lines
        self.process = nil
        return (how, process.id, said)
    }
}
