import Testing

@testable import BookendConfig

@Suite("What was changed while Bookend ran, beside the file")
struct RunningChangesTests {
    private let file = ConfigurationChangeTests.base

    private func weight(_ server: String, _ weight: Int) -> RunningChange {
        RunningChange(.weight, "main", server, address: nil, backup: nil, weight: weight, by: "ada", at: 1)
    }

    private func added(_ server: String, _ address: String) -> RunningChange {
        RunningChange(.added, "main", server, address: address, backup: false, weight: nil, by: "ada", at: 1)
    }

    private func removed(_ server: String) -> RunningChange {
        RunningChange(.removed, "main", server, address: nil, backup: nil, weight: nil, by: "ada", at: 1)
    }

    private func servers(_ changes: [RunningChange]) throws -> [Server] {
        let all = changes.reduce(RunningChanges([])) { $0.with($1) }
        return try ConfigurationChangeTests.read(file).changed(by: all).pools[0].servers
    }

    @Test("Servers come, go and get other weights")
    func inForce() throws {
        let fleet = try servers([added("web-03", "127.0.0.1:9005"), weight("web-01", 4), removed("web-02")])
        #expect(fleet.map(\.name) == ["web-01", "web-03"] && fleet.map(\.weight) == [4, 1])
        let weighed = try servers([added("web-03", "127.0.0.1:9005"), weight("web-03", 9)])
        #expect(weighed.map(\.weight) == [1, 1, 9])
        #expect(try servers([weight("web-01", 4), weight("web-01", 6)])[0].weight == 6)
    }

    @Test("A server that gets another weight keeps all else that the file says of it")
    func keeps() throws {
        let server = "web-01: { address: 127.0.0.1:9001, max-in-flight: 9, recycle: systemctl restart bookty }"
        let text = file.replacing("web-01: 127.0.0.1:9001", with: server)
        let changes = RunningChanges([]).with(weight("web-01", 4))
        let changed = try ConfigurationChangeTests.read(text).changed(by: changes).pools[0].servers[0]
        #expect(changed.weight == 4 && changed.maxInFlight == 9)
        #expect(changed.recycling?.hook == .command(["systemctl", "restart", "bookty"]))
    }

    @Test(
        "What no file may say is refused",
        arguments: [
            ("127.0.0.1:9001", "web-03", "has the same address"), ("nonsense", "web-03", "is no address"),
            ("127.0.0.1:9005", "-x", "begins with a letter"), ("127.0.0.1:8081", "web-03", "to itself"),
        ])
    func refused(_ address: String, _ name: String, _ why: String) throws {
        let problem = try #require(throws: RunningChangeProblem.self) { try servers([added(name, address)]) }
        #expect(problem.description.contains(why), "\(problem)")
    }

    @Test("The last server that is no backup stays, and a weight is 1 to 256")
    func bounds() {
        #expect(throws: RunningChangeProblem.self) { try servers([removed("web-01"), removed("web-02")]) }
        #expect(throws: RunningChangeProblem.self) { try servers([weight("web-01", 0)]) }
        #expect(throws: RunningChangeProblem.self) { try servers([weight("web-01", 257)]) }
    }

    @Test("What the file says by now, or says otherwise, is forgotten; the rest is kept")
    func reconciled() throws {
        let now = try ConfigurationChangeTests.read(
            file.replacing(
                "web-01: 127.0.0.1:9001, web-02: 127.0.0.1:9002",
                with: "web-01: { address: 127.0.0.1:9001, weight: 4 }, web-03: 127.0.0.1:9005, other: 127.0.0.1:9006"))
        let all = [
            weight("web-01", 4), added("web-03", "127.0.0.1:9007"), added("web-04", "127.0.0.1:9006"),
            removed("web-02"), weight("web-02", 2), weight("other", 7),
        ].reduce(RunningChanges([])) { $0.with($1) }
        let (kept, dropped) = all.reconciled(with: now)
        #expect(kept.all == [weight("other", 7)])
        #expect(dropped.count == all.all.count - 1, "\(dropped)")
        #expect(dropped.first == "main/web-01 has the weight 4, by ada: forgotten, as the file says the same")
    }

    @Test("A server that was added and removed leaves nothing behind")
    func comeAndGone() throws {
        let all = RunningChanges([]).with(added("web-03", "127.0.0.1:9005")).with(removed("web-03"))
        #expect(all.reconciled(with: try ConfigurationChangeTests.read(file)).changes.all.isEmpty)
    }

    @Test("There are as many as are kept, and no more")
    func bounded() {
        let many = (0..<1_000).map { weight("s\($0)", 2) }
        #expect(RunningChanges(many).all.count == 256 && RunningChanges(many).isFull)
    }
}
