/// A server that works on requests as its kind does. Times are seconds since the beginning.
struct SimulatedServer {
    private struct Job {
        let number: Int
        let began: Double
        let work: Double
    }

    let kind: ServerKind
    private(set) var inFlight = 0
    private(set) var deaths = 0
    private var jobs: [Job] = []
    private var free: [Int] = []
    /// By the time, or with shared cores by the work per request, at which they end.
    private var running = EventQueue<Int>()
    private var waiting: [Int] = []
    private var firstWaiting = 0
    /// With shared cores: what each of those there has got since the beginning.
    private var shared = 0.0
    private var sharedAt = 0.0
    private var backAt = 0.0

    /// A server that died is back after so long.
    private static let restart = 3.0

    init(_ kind: ServerKind) {
        self.kind = kind
    }

    /// When the next request ends.
    var nextCompletion: Double {
        guard kind.discipline == .sharedCores else { return running.next }
        return running.next == .infinity ? .infinity : sharedAt + (running.next - shared) / speed
    }

    func isUp(at now: Double) -> Bool { now >= backAt }

    private var speed: Double { min(1, Double(kind.size) / Double(max(1, inFlight))) }

    /// The time has come to `now`.
    mutating func advance(to now: Double) {
        if kind.discipline == .sharedCores { shared += (now - sharedAt) * speed }
        sharedAt = now
    }

    /// The request of this number comes. True when it is one too many, and kills the server with all it has.
    mutating func begin(_ number: Int, work: Double, at now: Double) -> Bool {
        let job = Job(number: number, began: now, work: work)
        let index: Int
        if let last = free.popLast() {
            index = last
            jobs[index] = job
        } else {
            index = jobs.count
            jobs.append(job)
        }
        inFlight += 1
        if inFlight >= kind.dies {
            die(at: now)
            return true
        }
        switch kind.discipline {
        case .sharedCores: running.add(index, at: shared + work)
        case .slots where inFlight <= kind.size: running.add(index, at: now + work)
        case .slots: waiting.append(index)
        }
        return false
    }

    /// The next request ends; gives which, and how long it took.
    mutating func end(at now: Double) -> (number: Int, took: Double) {
        guard let index = running.take() else { preconditionFailure("nothing is running") }
        inFlight -= 1
        free.append(index)
        if firstWaiting < waiting.count {
            let next = waiting[firstWaiting]
            firstWaiting += 1
            running.add(next, at: now + jobs[next].work)
            if firstWaiting > 1_024 {
                waiting.removeFirst(firstWaiting)
                firstWaiting = 0
            }
        }
        return (jobs[index].number, now - jobs[index].began)
    }

    private mutating func die(at now: Double) {
        deaths += 1
        inFlight = 0
        jobs.removeAll(keepingCapacity: true)
        free.removeAll(keepingCapacity: true)
        waiting.removeAll(keepingCapacity: true)
        firstWaiting = 0
        running.removeAll()
        backAt = now + Self.restart
    }
}
