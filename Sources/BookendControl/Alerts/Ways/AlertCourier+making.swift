import BookendConfig
import BookendCore
import BookendLoop
import Glibc

extension AlertCourier {
    /// The courier of one target.
    ///
    /// - Parameter number: tells its thread from others'.
    static func of(_ prepared: PreparedTarget, number: Int, on loop: Loop) throws(Errno) -> AlertCourier {
        let target = prepared.target
        let thread = "alerts \(number)"
        switch target.way {
        case .webhook(let webhook):
            return try WebhookCourier(prepared, webhook, resolver: thread, on: loop)
        case .exec(let words):
            return try ThreadedCourier(thread, on: loop) { alert in
                var said: [UInt8] = []
                let run = CommandRun(
                    words: words, environment: [], input: AlertBody(alert, target.format).bytes, limit: target.timeout,
                    manners: nil)
                let ending = run.run { said += $0.prefix(max(0, AlertLimits.shownBytes - said.count)) }
                return AlertOutcome(ending, said, within: target.timeout)
            }
        case .syslog(let place):
            let facts = SyslogLine.Facts(host: hostName, process: getpid())
            return try ThreadedCourier(thread, on: loop) { alert in
                SyslogSender.send(SyslogLine(alert, facts), to: place)
            }
        }
    }

    /// As the kernel knows this machine.
    static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension AlertOutcome {
    /// Any code but 0 is "not taken": the program is asked again.
    ///
    /// - Parameter output: the beginning of what it wrote.
    init(_ ending: CommandRun.Ending, _ output: [UInt8], within limit: TimeSpan) {
        let said = output.shown.withoutURLs
        let words = said.isEmpty ? "" : ": \(said)"
        switch ending {
        case .ended(0): self = .taken("exit code 0" + words)
        case .ended(let status): self = .failed("it \(ChildProcess.describe(status))" + words)
        case .tooLong: self = .failed("it was killed after \(limit)" + words)
        case .notStarted(let error): self = .failed("it cannot be started: \(error)")
        case .unknown: self = .failed("nobody knows how it ended" + words)
        }
    }
}
