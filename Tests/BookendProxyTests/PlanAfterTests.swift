import BookendConfig
import BookendCore
import Testing

@testable import BookendProxy

@Suite("Numbers of servers and pools from one configuration to the next")
struct PlanAfterTests {
    private func configuration(_ pools: String) throws -> Configuration {
        let text = "listeners: [{ bind: 127.0.0.1:0, pool: main }]\npools: \(pools)\n"
        let read = Configuration.parse(text: text, file: "test", environment: [:], isRoot: false)
        return try #require(read.configuration, "\(read.diagnostics)")
    }

    private func after(_ plan: Plan, _ pools: String, vacant: Vacancies = Vacancies(workers: 1)) throws -> Plan {
        try Plan(try configuration(pools), after: plan, vacant: vacant)
    }

    /// Of the live ones, by pool.
    private func numbers(_ plan: Plan) -> [String: Int] {
        Dictionary(
            uniqueKeysWithValues: plan.liveServers.map { id in
                let server = plan.servers[id.index]
                return ("\(plan.pools[server.pool.index].pool.name)/\(server.name)", id.index)
            })
    }

    private let two = "{ main: { servers: { a: 127.0.0.1:1, b: 127.0.0.1:2 } } }"

    @Test("Whoever stays keeps its number, wherever it stands in the file and whatever else it is told")
    func stays() throws {
        let first = try Plan(try configuration(two))
        let next = try after(
            first,
            "{ other: { servers: { x: 127.0.0.1:9 } }, main: { servers: { c: 127.0.0.1:3, "
                + "b: { address: 127.0.0.1:2, weight: 5 }, a: 127.0.0.1:1 } } }")
        #expect(numbers(next) == ["other/x": 2, "main/c": 3, "main/b": 1, "main/a": 0])
        #expect(next.servers[1].weight == 5 && next.inFlight === first.inFlight)
        #expect(next.joining.map(\.index) == [2, 3] && next.leaving(first).isEmpty)
        #expect(next.livePools.map(\.index) == [1, 0])
        #expect(try after(next, two).joining.isEmpty)
    }

    @Test("Another address is another server")
    func address() throws {
        let first = try Plan(try configuration(two))
        let next = try after(first, two.replacing("127.0.0.1:2", with: "127.0.0.1:7"))
        #expect(numbers(next) == ["main/a": 0, "main/b": 2])
        #expect(next.leaving(first).map(\.index) == [1] && next.joining.map(\.index) == [2])
        #expect(next.servers[1].hasLeft && next.servers[1].name == "b", "who is still there is named in the log")
    }

    @Test("A number is given again only when every worker has let go of it, and by as many as there are")
    func vacant() throws {
        let first = try Plan(try configuration(two))
        let second = try after(first, "{ main: { servers: { a: 127.0.0.1:1 } } }")
        #expect(numbers(try after(second, two)) == ["main/a": 0, "main/b": 2])
        var vacancies = Vacancies(workers: 2)
        var observations = Observations(servers: 2, pools: 1)
        observations.vacated([ServerID(index: 1)], [])
        vacancies.take(observations)
        #expect(vacancies.servers.isEmpty)
        vacancies.take(observations)
        #expect(vacancies.servers == [ServerID(index: 1)])
        let third = try after(second, two, vacant: vacancies)
        #expect(numbers(third) == ["main/a": 0, "main/b": 1])
        vacancies.give(third)
        #expect(vacancies.servers.isEmpty)
    }

    @Test("A pool that comes back before its number is free has another, and so have its servers")
    func pools() throws {
        let first = try Plan(
            try configuration("{ main: { servers: { a: 127.0.0.1:1 } }, p: { servers: { x: 127.0.0.1:2 } } }"))
        let second = try after(first, "{ main: { servers: { a: 127.0.0.1:1 } } }")
        #expect(second.pools[1].hasLeft)
        let third = try after(second, "{ main: { servers: { a: 127.0.0.1:1 } }, p: { servers: { x: 127.0.0.1:2 } } }")
        #expect(third.livePools.map(\.index) == [0, 2] && numbers(third)["p/x"] == 2)
    }

    @Test("There are so many numbers, and no more: what needs more is refused")
    func room() throws {
        let first = try Plan(try configuration(two))
        var plan = first
        var port = 10
        let refused = #expect(throws: Plan.Failure.self) {
            while true {
                plan = try after(plan, two.replacing("127.0.0.1:2", with: "127.0.0.1:\(port)"))
                port += 1
                #expect(plan.servers.count <= first.room.servers)
            }
        }
        #expect(refused?.description.contains("restart") == true && plan.servers.count == first.room.servers)
    }

    @Test("Routes lead to the numbers of their pools")
    func routes() throws {
        let first = try Plan(try configuration(two))
        let next = try after(first, "{ other: { servers: { x: 127.0.0.1:9 } }, main: { servers: { a: 127.0.0.1:1 } } }")
        let listener = ListenerPlan(next.configuration.listeners[0], of: next)
        #expect(listener.routes.map(\.pool) == [PoolID(index: 0)])
    }
}
