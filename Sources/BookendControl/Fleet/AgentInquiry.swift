import BookendCore
import BookendLoop
import BookendProxy

/// Asks a server's agent once: connects, and reads a line. Nothing is sent, as HAProxy sends nothing.
final class AgentInquiry: Inquiry {
    /// Why there was no answer.
    enum Trouble: Error, Equatable {
        case unreachable
        case timedOut
        /// It closed without a whole word.
        case silent
        /// More than a line holds.
        case tooLong
        /// As much of it as is worth showing.
        case notUnderstood(String)
        /// Bookend lacks what a connection needs.
        case ownShortage
    }

    /// As much as HAProxy reads at most in one buffer is 16 KiB; whoever says more than this says no list of words.
    private static let longest = 1_024
    /// Of words that are not understood.
    private static let shown = 60
    /// An agent that takes longer says nothing, however seldom it is asked.
    private static let patience = TimeSpan.seconds(5)

    private var over: (Result<AgentAnswer, Trouble>) -> Void

    /// Begins; `over` is called once, not before this returns.
    init(
        _ agent: AgentPlan, on loop: Loop, over: @escaping (Result<AgentAnswer, Trouble>) -> Void
    ) throws(Errno) {
        self.over = over
        try super.init(to: agent.socketAddress, asking: [], within: min(agent.every, Self.patience), on: loop)
    }

    override func arrived() {
        let end = input.withBytes { bytes in
            bytes.indices.first { bytes[$0] == UInt8(ascii: "\n") || bytes[$0] == UInt8(ascii: "\r") }
        }
        if let end {
            finish(read(end))
        } else if input.count > Self.longest {
            finish(.failure(.tooLong))
        }
    }

    /// A line without its end is a whole one when nothing more comes.
    override func ended() {
        finish(input.isEmpty ? .failure(.silent) : read(input.count))
    }

    override func failed(_ failure: Failure) {
        switch failure {
        case .lost: finish(.failure(.unreachable))
        case .timedOut: finish(.failure(.timedOut))
        case .ownShortage: finish(.failure(.ownShortage))
        }
    }

    private func read(_ count: Int) -> Result<AgentAnswer, Trouble> {
        guard count <= Self.longest else { return .failure(.tooLong) }
        let line = input.withBytes { bytes in String(decoding: (0..<count).map { bytes[$0] }, as: UTF8.self) }
        if let answer = AgentAnswer(line: line) { return .success(answer) }
        let plain = line.unicodeScalars.filter { (" "..."~").contains($0) }.prefix(Self.shown)
        return .failure(plain.isEmpty ? .silent : .notUnderstood(String(String.UnicodeScalarView(plain))))
    }

    private func finish(_ result: Result<AgentAnswer, Trouble>) {
        guard finish() else { return }
        let over = over
        self.over = { _ in }
        over(result)
    }
}

extension AgentInquiry.Trouble: CustomStringConvertible {
    var description: String {
        switch self {
        case .unreachable: "cannot be reached"
        case .timedOut: "does not answer in time"
        case .silent: "says nothing"
        case .tooLong: "says more than a line"
        case .notUnderstood(let words): "says what is not understood: \(words)"
        case .ownShortage: "was not asked: Bookend lacks a descriptor or a port"
        }
    }
}
