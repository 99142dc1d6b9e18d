import BookendConfig
import BookendCore
import BookendProxy

/// Leases in the words of whoever reads them at night.
struct LeaseText {
    private let plan: Plan

    init(_ plan: Plan) {
        self.plan = plan
    }

    /// What its new state means, as a line of the log.
    func line(_ id: ServerID, _ lease: Lease) -> String {
        let server = name(id)
        let whose = "for \(lease.owner): \(lease.why)"
        return switch lease.state {
        case .asked: "\(server): its requests are taken away in steps, to see whether the others carry them; \(whose)"
        case .draining where lease.isForced && lease.isRecycle:
            "\(server) is draining although the others may have to refuse requests: with so little memory left the kernel "
                + "would take it out, and what is in flight there with it; \(whose)"
        case .draining: "\(server) is draining\(lease.isForced ? " by force" : ""); \(whose)"
        case .out: "\(server) is out, nothing of ours is on it; \(whose)"
        case .verifying: "\(server) is checked before it comes back: \(ending(lease))"
        case .overdue: "\(server) does not answer its checks and stays out, although \(ending(lease))"
        case .slowStart: "\(server) is back, in slow start: \(ending(lease))"
        case .back: "\(server) is back: \(ending(lease))"
        }
    }

    /// Why it is over; empty before.
    func ending(_ lease: Lease) -> String {
        switch lease.ending {
        case nil: ""
        case .timeIsUp: "the time of its lease is up"
        case .restored(let owner): "\(owner) ended its lease"
        case .recalled(let need): "called back, because \(text(need))"
        case .saturated(let need): "the others do not carry its requests: \(text(need))"
        case .recycled: "its clean-up hook is over"
        }
    }

    private func text(_ need: Lease.Need) -> String {
        switch need {
        case .requestsRefused: "requests are refused for want of a place"
        case .requestsWait: "requests wait for a place"
        case .lost(let id): "\(id.map(name) ?? "another server") fails"
        }
    }

    /// Why a command was refused: status and detail of the problem document.
    func refusal(_ refusal: LeaseRefusal, _ id: ServerID) -> (status: Int, detail: String) {
        let server = name(id)
        switch refusal {
        case .guarded(let figures): return (409, guarded(figures, id))
        case .leased(let lease):
            return (409, "\(server) is taken out already, by \(lease.owner): \(lease.why)")
        case .trial(let other, let left):
            let seconds = left.nanoseconds / 1_000_000_000 + 1
            return (409, "it is being tried whether the pool does without \(name(other)); ask again in \(seconds)s")
        case .notLeased: return (404, "nobody has taken \(server) out")
        case .hookRuns:
            return (409, "the clean-up hook of \(server) runs; when it is over the server is checked and comes back")
        case .length(let length):
            let (least, most) = (LeaseLimits.lengths.lowerBound, LeaseLimits.lengths.upperBound)
            return (409, "a lease lasts \(least) to \(most), extensions included, not \(length.rounded)")
        case .noOwner: return (400, OrderCheck.noOwner)
        case .noReason: return (400, OrderCheck.noReason)
        }
    }

    private func guarded(_ figures: GuardFigures, _ id: ServerID) -> String {
        let pool = plan.pools[plan.servers[id.index].pool.index].pool.name
        guard !figures.rest.isEmpty else {
            return "no other server of pool \(pool) is in rotation: without \(name(id)) nobody would answer"
        }
        return "without \(name(id)) the rest of pool \(pool) holds \(tenths(figures.holds)) requests in flight, and "
            + "\(tenths(figures.needed)) are needed"
    }

    func alarm(_ alarm: FleetAlarm) -> String {
        switch alarm.kind {
        case .noSpare(let pool):
            "pool \(plan.pools[pool.index].pool.name) has no spare: it cannot do without another server"
                + (alarm.explainedBy.map { ", while \(name($0)) is taken out" } ?? "")
        case .share(let id): "\(name(id)) gets clearly more than its share of the requests"
        case .forced(let id): "\(name(id)) was taken out by force: the others may not carry the load"
        case .overdue(let id): "\(name(id)) does not answer its checks, and its lease is over"
        case .forgotten(let id): "\(name(id)) is out for longer than its lease"
        case .recycleWaits(let id):
            "\(name(id)) is to be recycled, and it cannot be spared, or somebody has taken it out"
        case .recycleFailed(let id): "the last recycle of \(name(id)) went wrong"
        }
    }

    private func name(_ id: ServerID) -> String { plan.servers[id.index].name }

    private func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}

extension Lease.State {
    /// As the admin API writes it.
    var name: String {
        switch self {
        case .asked: "asked"
        case .draining: "draining"
        case .out: "out"
        case .verifying: "verifying"
        case .overdue: "overdue"
        case .slowStart: "slow-start"
        case .back: "back"
        }
    }
}
