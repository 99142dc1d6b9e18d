import BookendCore
import BookendLoop
import BookendProxy

/// Asks one server's agent again and again.
final class AgentWatch: EventSource {
    /// Agents of several servers, and of several balancers, are not asked at the same moment.
    private static let jitter = 0.2

    private let agent: AgentPlan
    private let loop: Loop
    private let answered: (AgentAnswer) -> Void
    private var random: SeededRandom
    private var isClosed = false
    /// Since it answered last; nil while it does.
    private(set) var trouble: AgentInquiry.Trouble?
    private(set) var lastAnswer: Moment?

    /// Begins.
    init(_ agent: AgentPlan, on loop: Loop, seed: UInt64, answered: @escaping (AgentAnswer) -> Void) {
        self.agent = agent
        self.loop = loop
        self.answered = answered
        random = SeededRandom(seed: seed)
        super.init()
        loop.add(self)
        loop.setDeadline(loop.now, for: self)
    }

    override func deadlinePassed() {
        pause()
        do throws(Errno) {
            // It may be closed meanwhile.
            _ = try AgentInquiry(agent, on: loop) { [weak self] in self?.take($0) }
        } catch {
            take(.failure(error.isOwnShortage ? .ownShortage : .unreachable))
        }
    }

    /// Asks no more.
    func close() {
        isClosed = true
        loop.remove(self)
    }

    private func take(_ result: Result<AgentAnswer, AgentInquiry.Trouble>) {
        guard !isClosed else { return }
        switch result {
        case .success(let answer):
            trouble = nil
            lastAnswer = loop.now
            answered(answer)
        case .failure(let trouble):
            self.trouble = trouble
        }
    }

    /// An answer takes no longer than the pause: two inquiries are never under way.
    private func pause() {
        let part = 1 + Self.jitter * Double(random.next() >> 11) * 0x1p-53
        loop.setDeadline(loop.now + TimeSpan(nanoseconds: Int64(Double(agent.every.nanoseconds) * part)), for: self)
    }
}
