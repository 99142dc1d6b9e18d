import BookendConfig
import BookendCore
import BookendLoop
import BookendProxy

/// Takes commands that add and weigh servers while Bookend runs, and says what became of them.
struct ServerDesk {
    typealias Refusal = RunningConfiguration.Refusal

    private let configuration: RunningConfiguration
    private let current: CurrentPlan
    private let loop: Loop
    private let say: (String) -> Void

    init(
        _ configuration: RunningConfiguration, _ current: CurrentPlan, on loop: Loop, say: @escaping (String) -> Void
    ) {
        self.configuration = configuration
        self.current = current
        self.loop = loop
        self.say = say
    }

    func add(_ order: ServerOrder, reply: @escaping AdminReply) {
        guard let pool = order.pool, let name = order.name, let address = order.address,
            let by = OrderCheck.owner(order.by)
        else {
            return reply(
                .problem(400, "a server is {\"pool\": NAME, \"name\": NAME, \"address\": HOST:PORT, \"by\": NAME}"))
        }
        let change = RunningChange(
            .added, pool, name, address: address, backup: order.backup ?? false, weight: order.weight, by: by, at: now)
        edit(reply) { file, changes in
            guard let known = file.pools.first(where: { $0.name == pool }) else {
                return .failure(Refusal(status: 404, text: "there is no pool \(pool)"))
            }
            let isRemoved = changes.all.contains { $0.kind == .removed && $0.pool == pool && $0.server == name }
            if let server = known.servers.first(where: { $0.name == name }) {
                guard isRemoved else { return .failure(Refusal(status: 409, text: "\(pool) has a server \(name)")) }
                // As the file has it, it comes back.
                guard "\(server.address)" == address else {
                    return .failure(
                        Refusal(
                            status: 409,
                            text: "the file has \(name) at \(server.address): change it there, and reload"))
                }
                return .success(changes.without(pool, name))
            }
            if let twin = known.servers.first(where: { "\($0.address)" == address }) {
                return .failure(
                    Refusal(status: 409, text: "\(name) has the same address as \(twin.name): \(address)"))
            }
            if changes.all.contains(where: { $0.kind == .added && $0.pool == pool && $0.server == name }) {
                return .failure(Refusal(status: 409, text: "\(pool) has a server \(name)"))
            }
            guard !changes.isFull else { return OrderCheck.full }
            return .success(changes.with(change))
        }
    }

    func weigh(_ server: ServerID, _ order: WeightOrder, reply: @escaping AdminReply) {
        guard let weight = order.weight, let by = OrderCheck.owner(order.by) else {
            return reply(.problem(400, "a weight is {\"weight\": 1 to 256, \"by\": NAME}"))
        }
        let (pool, name) = current.names(of: server)
        let change = RunningChange(.weight, pool, name, address: nil, backup: nil, weight: weight, by: by, at: now)
        edit(reply) { _, changes in changes.isFull ? OrderCheck.full : .success(changes.with(change)) }
    }

    private func edit(
        _ reply: @escaping AdminReply,
        _ edit: @escaping (Configuration, RunningChanges) -> Result<RunningChanges, Refusal>
    ) {
        configuration.change(.edit(edit)) { [say] outcome in
            switch outcome {
            case .success(let report):
                for line in report.changed { say(line) }
                reply(.json(report))
            case .failure(let refusal): reply(.problem(refusal.status, refusal.text))
            }
        }
    }

    /// Seconds since 1970.
    private var now: Double { Double(loop.kernel.wallClock()) / 1e9 }
}
