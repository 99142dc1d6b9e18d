import BookendConfig
import BookendCore
import BookendLoop
import BookendProxy
import Foundation
import Glibc

/// Has clean-up hooks run, and hears how they end: by the supervisor, or by the agent of a server.
final class HookDesk: EventSource {
    /// An agent reports four times a second: one that has not taken an order by then is not there.
    private static let agentPatience = TimeSpan.seconds(5)

    private struct Waiting {
        let order: HookOrder
        /// No agent is told of it any more from then on.
        let until: Moment
        /// When the agent was told of it last.
        var told: Moment?
        var isTaken = false
    }

    private let current: CurrentPlan
    private var plan: Plan { current.plan }
    private let socket: Int32
    private let supervisor: pid_t
    private unowned let loop: Loop
    /// For agents, by server.
    private var waiting: [ServerID: Waiting] = [:]
    /// Is told how a hook ended.
    var ended: (ServerID, UInt64, HookResult) -> Void = { _, _, _ in }

    /// - Parameters:
    ///   - socket: the worker process's end.
    ///   - supervisor: who listens at the other end when it gets SIGUSR2.
    init(_ current: CurrentPlan, socket: Int32, to supervisor: pid_t, on loop: Loop) throws(Errno) {
        self.current = current
        self.socket = socket
        self.supervisor = supervisor
        self.loop = loop
        super.init()
        try loop.add(self, input: socket)
    }

    /// Its end is told once, and never before this returns.
    func run(_ id: ServerID, _ hook: UInt64, why: String) {
        let server = plan.servers[id.index]
        guard let recycling = server.recycling else {
            return later(id, hook, "the configuration has no clean-up hook for it")
        }
        let order = HookOrder(
            hook: hook, pool: plan.pools[server.pool.index].pool.name, server: server.name, address: server.address,
            why: why, timeoutSeconds: recycling.timeout.inSeconds)
        switch recycling.hook {
        case .command:
            // Whoever adopts this process otherwise must not be signalled.
            guard getppid() == supervisor, HookSocket.send(order, to: socket), kill(supervisor, SIGUSR2) == 0 else {
                return later(id, hook, "the supervisor takes no order")
            }
        case .agent:
            let until = loop.now + Self.agentPatience
            waiting[id] = Waiting(order: order, until: until)
            _ = Alarm(on: loop, at: until) { [unowned self] in giveUp(id, hook) }
        }
    }

    /// What the server's agent is to be told in the answer to its report.
    func order(for id: ServerID) -> HookOrder? {
        guard let one = waiting[id], !one.isTaken, loop.now < one.until else { return nil }
        waiting[id]?.told = loop.now
        return one.order
    }

    /// The server's agent says how its hook goes: the one it was told of last, or one before that.
    func said(_ report: HookReport, of id: ServerID) {
        let isCurrent = waiting[id]?.order.hook == report.hook
        if isCurrent { waiting[id]?.isTaken = true }
        guard let result = report.result else { return }
        if isCurrent { waiting[id] = nil }
        ended(id, report.hook, result)
    }

    /// Reports from the processes beside the supervisor; also of hooks that a worker process before this one ordered.
    override func ready(_ readiness: Readiness) {
        while let data = HookSocket.receive(socket) {
            guard let message = AdminJSON.decoded(HookMessage.self, data), let result = message.report.result,
                let id = plan.liveServers.first(where: { current.names(of: $0) == (message.pool, message.server) })
            else { continue }
            ended(id, message.report.hook, result)
        }
    }

    /// The plan is another one from now on. Of servers that have left no agent is told anything.
    func follow(_ plan: Plan, after last: Plan) {
        for id in plan.leaving(last) { waiting[id] = nil }
    }

    /// Unless an agent was told of it just now: that one runs it, and says so in its next report.
    private func giveUp(_ id: ServerID, _ hook: UInt64) {
        guard let one = waiting[id], one.order.hook == hook, !one.isTaken else { return }
        if let told = one.told, loop.now < told + Self.agentPatience {
            _ = Alarm(on: loop, at: told + Self.agentPatience) { [unowned self] in giveUp(id, hook) }
            return
        }
        waiting[id] = nil
        ended(id, hook, HookResult(.notStarted("no agent of the server has taken the order"), output: ""))
    }

    private func later(_ id: ServerID, _ hook: UInt64, _ reason: String) {
        _ = Alarm(on: loop, at: loop.now) { [unowned self] in
            ended(id, hook, HookResult(.notStarted(reason), output: ""))
        }
    }
}
