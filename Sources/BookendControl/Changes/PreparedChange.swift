import BookendConfig
import BookendProxy
import Glibc

/// A change that can be taken into force: checked, with every name resolved and every file open.
struct PreparedChange: Sendable {
    /// What it is made of.
    struct Draft: Sendable {
        /// Of the new file; nil when `file` stays.
        let text: String?
        let file: Configuration
        let changes: RunningChanges
        let last: Plan
        let vacancies: Vacancies
        /// The access log that is written now.
        let log: LogThread?

        init(
            text: String?, file: Configuration, changes: RunningChanges, last: Plan, _ vacancies: Vacancies,
            _ log: LogThread?
        ) {
            self.text = text
            self.file = file
            self.changes = changes
            self.last = last
            self.vacancies = vacancies
            self.log = log
        }
    }

    /// What becomes of the access log.
    enum Log: Sendable {
        case asBefore
        case off
        case to(LogThread)
    }

    let file: Configuration
    let changes: RunningChanges
    /// What was changed before and does not count any more, and why.
    let dropped: [String]
    let plan: Plan
    let log: Log

    /// Blocks: names are resolved and files opened.
    static func prepare(_ draft: Draft) -> Result<PreparedChange, RunningConfiguration.Refusal> {
        let file: Configuration
        if let text = draft.text {
            let read = Configuration.parse(text: text, file: "configuration", environment: [:], isRoot: geteuid() == 0)
            guard let configuration = read.configuration else {
                return refused(read.diagnostics.rendered(color: false))
            }
            file = configuration
        } else {
            file = draft.file
        }
        let (changes, dropped) = draft.changes.reconciled(with: file)
        let plan: Plan
        do {
            let configuration = try file.changed(by: changes)
            plan = try Plan(configuration, after: draft.last, vacant: draft.vacancies)
        } catch let problem as RunningChangeProblem {
            guard draft.text != nil else { return refused(problem.description) }
            return refused("with what was changed while Bookend ran: \(problem)")
        } catch {
            return refused("\(error)")
        }
        do {
            let log = try log(plan.configuration.accessLog, draft)
            return .success(PreparedChange(file: file, changes: changes, dropped: dropped, plan: plan, log: log))
        } catch {
            return refused("\(error)")
        }
    }

    /// A reload opens the file anew when another one has its name, so that a log can be rotated.
    private static func log(_ wanted: AccessLog, _ draft: Draft) throws -> Log {
        let isSame = wanted == draft.last.configuration.accessLog
        guard !isSame || draft.text != nil && draft.log?.wasMoved == true else { return .asBefore }
        return try LogThread(wanted).map { .to($0) } ?? .off
    }

    private static func refused(_ text: String) -> Result<PreparedChange, RunningConfiguration.Refusal> {
        .failure(RunningConfiguration.Refusal(status: 409, text: text))
    }
}

extension PreparedChange.Log {
    var isNew: Bool { if case .asBefore = self { false } else { true } }

    var thread: LogThread? { if case .to(let thread) = self { thread } else { nil } }

    /// As workers are told.
    func output(_ plan: Plan) -> AccessLogOutput?? {
        switch self {
        case .asBefore: .none
        case .off: .some(nil)
        case .to(let thread): .some(AccessLogOutput(thread, plan.configuration.accessLog))
        }
    }
}

extension AccessLogOutput {
    init?(_ thread: LogThread?, _ log: AccessLog) {
        guard let thread, case .on(_, let format) = log else { return nil }
        self.init(thread.writer, format)
    }
}
