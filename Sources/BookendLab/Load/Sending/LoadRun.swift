import BookendCore
public import BookendLoop

/// Runs a plan on its threads.
public struct LoadRun: Sendable {
    private enum Message: Sendable {
        case progress(LoadProgress)
        /// With what happened since the last progress.
        case done(LoadTally, LoadProgress)
        case failed(Errno)
    }

    public let plan: LoadPlan
    public let stopSwitch: StopSwitch

    public init(_ plan: LoadPlan, stopSwitch: StopSwitch = StopSwitch()) {
        self.plan = plan
        self.stopSwitch = stopSwitch
    }

    /// Blocks until the run is over. `progress` is called about once a second, on the calling thread, and once more for
    /// what is left at the end: added up, its reports are the tally.
    ///
    /// - Throws: what kept a loop or a thread from being made; nothing that the server does.
    public func run(progress: @escaping (LoadProgress) -> Void) throws(Errno) -> LoadTally {
        var tally = LoadTally(countingHeader: plan.countedHeader)
        var second = LoadProgress()
        var reports = 0
        var running = plan.threads
        var failure: Errno?
        let loop = try Loop()
        let mailbox = try Mailbox<Message>(on: loop) { message in
            switch message {
            case .progress(let part):
                second.add(part)
                reports += 1
            case .done(let part, let rest):
                tally.add(part)
                second.add(rest)
                running -= 1
            case .failed(let error):
                failure = error
                running -= 1
            }
            // Every thread has told of its second; what is left of those that ended goes with the next, or the last.
            guard running == 0 || reports > 0 && reports >= running else { return }
            progress(second)
            second = LoadProgress()
            reports = 0
        }
        let threads = try start(mailbox, at: loop.now + LoadLimits.headStart)
        while running > 0 { try loop.turn() }
        for thread in threads { thread.join() }
        if let failure { throw failure }
        return tally
    }

    private func start(_ mailbox: Mailbox<Message>, at start: Moment) throws(Errno) -> [Thread] {
        do throws(Errno) {
            var threads: [Thread] = []
            for number in 0..<plan.threads {
                let thread = try Thread.start("load-\(number)") {
                    mailbox.post(work(number, start) { mailbox.post(.progress($0)) })
                }
                threads.append(thread)
            }
            return threads
        } catch {
            // Those that were started end by themselves.
            stopSwitch.stop()
            throw error
        }
    }

    private func work(_ number: Int, _ start: Moment, progress: (LoadProgress) -> Void) -> Message {
        Thread.waitPrecisely()
        do throws(Errno) {
            let worker = LoadWorker(plan, thread: number, start: start, on: try Loop())
            try worker.run(shouldStop: { stopSwitch.isStopped }, progress: progress)
            return .done(worker.tally, worker.rest)
        } catch {
            stopSwitch.stop()
            return .failed(error)
        }
    }
}
