import BookendConfig
import BookendCore
import BookendProxy

/// Recycles in the words of whoever reads them at night.
struct RecycleText {
    /// Bytes of a hook's last line.
    private static let longestLine = 400

    private let plan: Plan

    init(_ plan: Plan) {
        self.plan = plan
    }

    /// What its new phase means, as a line of the log.
    func line(_ recycle: Recycle) -> String {
        let server = name(recycle.server)
        return switch recycle.phase {
        case .waiting(.turn): "\(server) is to be recycled, \(whose(recycle))"
        case .waiting: "\(server) is not recycled yet: \(state(recycle))"
        case .hook: "\(server): its clean-up hook runs"
        case .verifying: "\(server): its clean-up hook \(end(recycle) ?? "is over")" + lastLine(recycle)
        case .draining, .overdue, .slowStart, .over: "\(server): \(state(recycle))"
        }
    }

    /// The lease says it in a line of its own.
    func isBrief(_ recycle: Recycle) -> Bool {
        switch recycle.phase {
        case .draining, .overdue, .slowStart: true
        case .waiting, .hook, .verifying, .over: false
        }
    }

    /// Where it stands, to be read after the server's name.
    func state(_ recycle: Recycle) -> String {
        switch recycle.phase {
        case .waiting(.turn): "is recycled after the one before it"
        case .waiting(.leased): "somebody has taken it out"
        case .waiting(.guarded): "the others would not carry the load without it"
        case .waiting(.needed): "the others did not carry the load without it; it is tried again"
        case .draining: "drains before its clean-up hook runs"
        case .hook: "its clean-up hook runs"
        case .verifying: "is checked after its clean-up hook"
        case .overdue: "does not answer its checks after its clean-up hook"
        case .slowStart: "is back, in slow start"
        case .over(let outcome): text(outcome, recycle)
        }
    }

    /// Where it stands, as a sentence about the server.
    private func sentence(_ recycle: Recycle) -> String {
        switch recycle.phase {
        case .waiting(.leased), .waiting(.guarded), .waiting(.needed), .hook: state(recycle)
        case .waiting(.turn), .draining, .verifying, .overdue, .slowStart, .over: "it \(state(recycle))"
        }
    }

    private func text(_ outcome: Recycle.Outcome, _ recycle: Recycle) -> String {
        switch outcome {
        case .done: "is recycled"
        case .calledOff(let owner): "is not recycled: \(owner) called it off"
        case .stopped(let other):
            "is not recycled, as \(other.map(name) ?? "another server") went wrong before it"
        case .notDrained: "is not recycled: requests were still in flight there when the time for that was up"
        case .hookFailed: "is back, but its clean-up hook \(end(recycle) ?? "was not run")"
        case .noHelp: "was recycled, and its memory is as full as before"
        case .notNeeded: "is not recycled: its memory is free again, or not reported any more"
        case .notConfigured: "is not recycled: a clean-up hook for it is not configured any more"
        }
    }

    private func whose(_ recycle: Recycle) -> String {
        switch recycle.cause {
        case .asked(let owner): "for \(owner): \(recycle.why)"
        case .full, .forecast: "as \(recycle.why)"
        }
    }

    /// How its hook ended, to be read after "its clean-up hook"; nil before.
    func end(_ recycle: Recycle) -> String? {
        switch recycle.result?.ending {
        case nil: nil
        case .code(0): "ended well"
        case .code(let code): "failed: it ended with code \(code)"
        case .signal(let signal): "failed: it \(ChildProcess.killed(by: signal))"
        case .timedOut: "took too long and was ended"
        case .notStarted(let reason): "could not be run: \(reason)"
        case .silent: "gave no word in its time"
        }
    }

    /// Of what the hook wrote, when that is likely to say what went wrong.
    private func lastLine(_ recycle: Recycle) -> String {
        guard let result = recycle.result, !result.isGood,
            let last = result.output.split(separator: "\n").last(where: { !$0.allSatisfy(\.isWhitespace) })
        else { return "" }
        return "; it wrote last: \(HookOutput.printable(String(last), longest: Self.longestLine))"
    }

    /// Why a command was refused: status and detail of the problem document.
    func refusal(_ refusal: RecycleRefusal, _ what: String) -> (status: Int, detail: String) {
        switch refusal {
        case .noHook: (409, "\(what) has no clean-up hook: `recycle` in the configuration says what cleans it up")
        case .planned(let recycle): (409, "\(name(recycle.server)) is planned already: \(sentence(recycle))")
        case .notPlanned: (404, "no recycle of \(what) is planned")
        case .begun(let recycle): (409, "too late: \(name(recycle.server)): \(state(recycle))")
        case .noOwner: (400, OrderCheck.noOwner)
        case .noReason: (400, OrderCheck.noReason)
        }
    }

    private func name(_ id: ServerID) -> String { plan.servers[id.index].name }
}

extension Recycle.Phase {
    /// As the admin API writes it.
    var name: String {
        switch self {
        case .waiting: "waiting"
        case .draining: "draining"
        case .hook: "hook"
        case .verifying: "verifying"
        case .overdue: "overdue"
        case .slowStart: "slow-start"
        case .over: "over"
        }
    }
}

extension Recycle.Wait {
    /// As the admin API writes it.
    var name: String {
        switch self {
        case .turn: "turn"
        case .leased: "leased"
        case .guarded: "guard"
        case .needed: "needed"
        }
    }
}

extension Recycle.Outcome {
    /// As the admin API writes it.
    var name: String {
        switch self {
        case .done: "done"
        case .calledOff: "called-off"
        case .stopped: "stopped"
        case .notDrained: "not-drained"
        case .hookFailed: "hook-failed"
        case .noHelp: "no-help"
        case .notNeeded: "not-needed"
        case .notConfigured: "not-configured"
        }
    }
}

extension Recycle {
    /// Who asked for it.
    var owner: String {
        switch cause {
        case .asked(let owner): owner
        case .full, .forecast: LeaseLimits.recycler
        }
    }

    var causeName: String {
        switch cause {
        case .asked: "asked"
        case .full, .forecast: "memory"
        }
    }
}
