import BookendLoop
import Glibc

/// The worker process's end of the link to the supervisor: takes changed configurations, and passes on that somebody wants
/// one.
final class ReloadDesk: EventSource {
    /// Who may wait at a time. A reload serves all that asked before it began.
    private static let mostAsked = 128

    private let link: LinkEnd
    private let supervisor: pid_t
    private let configuration: RunningConfiguration
    private let news: ConfigurationNews
    private let workers: Int
    private let say: (String) -> Void
    /// Who asked, and waits for what comes of it.
    private var asked: [(number: Int, reply: AdminReply)] = []
    private var lastNumber = 0
    /// Of new listeners, by their place in the configuration that comes next.
    private var sockets: [Int: [Int32]] = [:]

    init(
        _ link: LinkEnd, to supervisor: pid_t, _ configuration: RunningConfiguration,
        _ news: ConfigurationNews, workers: Int, on loop: Loop, say: @escaping (String) -> Void
    ) throws(Errno) {
        self.link = link
        self.supervisor = supervisor
        self.configuration = configuration
        self.news = news
        self.workers = workers
        self.say = say
        super.init()
        try loop.add(self, input: link.raw)
    }

    /// The worker process serves.
    func serves() {
        tell(.serving)
    }

    /// Somebody wants what is on disk to be in force.
    func reload(reply: @escaping AdminReply) {
        guard asked.count < Self.mostAsked else {
            return reply(.problem(429, "\(Self.mostAsked) reloads wait already; ask again"))
        }
        lastNumber += 1
        asked.append((lastNumber, reply))
        if !tell(.reload(lastNumber)) {
            answerAsked(upTo: lastNumber, .problem(409, "the supervisor does not answer; nothing has changed"))
        }
    }

    override func ready(_ readiness: Readiness) {
        while let (message, descriptors) = link.receive(ToWorker.self) {
            switch message {
            case .sockets(let listener): sockets[listener] = descriptors
            case .change(let upTo, let kept, let warnings): change(upTo, kept, descriptors, warnings)
            case .refused(let upTo, let why):
                HeldDescriptors.close(descriptors)
                news.refusal = why.withoutURLs
                answerAsked(upTo: upTo, .problem(409, why))
            }
        }
    }

    private func change(_ upTo: Int, _ kept: [Int?], _ descriptors: [Int32], _ warnings: [String]) {
        let sockets = sockets
        self.sockets = [:]
        let isWhole = kept.indices.allSatisfy { kept[$0] != nil || sockets[$0]?.count == workers }
        guard let raw = descriptors.first, isWhole else {
            HeldDescriptors.close(descriptors + sockets.values.flatMap { $0 })
            return ended(upTo, .failure(.init(status: 409, text: "too few descriptors for the new listeners")), [])
        }
        let text = MemoryFile.text(of: FileDescriptor(owning: raw))
        configuration.change(.file(text: text, kept: kept, sockets: sockets)) { [unowned self] in
            ended(upTo, $0, warnings)
        }
    }

    private func ended(_ upTo: Int, _ outcome: RunningConfiguration.Outcome, _ warnings: [String]) {
        switch outcome {
        case .success(var report):
            report.warnings = warnings
            news.refusal = nil
            for line in report.changed { say("reloaded: \(line)") }
            for line in report.forgotten { say("reloaded: \(line)") }
            if report.changed.isEmpty { say("reloaded: nothing has changed") }
            tell(.done(refusal: nil))
            answerAsked(upTo: upTo, .json(report))
        case .failure(let refusal):
            news.refusal = refusal.text.withoutURLs
            say("not reloaded, and nothing has changed: \(refusal.text)")
            tell(.done(refusal: refusal.text))
            answerAsked(upTo: upTo, .problem(refusal.status, refusal.text))
        }
    }

    private func answerAsked(upTo number: Int, _ answer: AdminAnswer) {
        let served = asked.filter { $0.number <= number }
        asked.removeAll { $0.number <= number }
        for (_, reply) in served { reply(answer) }
    }

    /// Whoever adopts this process otherwise must not be signalled.
    @discardableResult
    private func tell(_ message: ToSupervisor) -> Bool {
        guard getppid() == supervisor, link.send(message, passing: []) else { return false }
        return kill(supervisor, SIGUSR1) == 0
    }
}
