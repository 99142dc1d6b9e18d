import BookendCore
import Foundation
import Glibc
import Testing

@testable import BookendControl

@Suite("Orders that the supervisor takes")
struct HookStarterTests {
    private func refusal(most: Int, configuration: Int32) throws -> (HookMessage, log: String) {
        let ends = try HookSocket.pair()
        defer {
            close(ends.supervisor)
            close(ends.worker)
        }
        let order = HookOrder(
            hook: 7, pool: "main", server: "web-01", address: "127.0.0.1:9001", why: "a leak", timeoutSeconds: 60)
        #expect(HookSocket.send(order, to: ends.worker))
        var starter = HookStarter(orders: ends.supervisor, most: most)
        var log = ""
        starter.start(configuration: configuration) { log += $0 }
        let data = try #require(HookSocket.receive(ends.worker), "nobody answers")
        return (try #require(AdminJSON.decoded(HookMessage.self, data)), log)
    }

    @Test("An order for which there is no room is answered, so that its server is not out until its time is up")
    func full() throws {
        let (message, log) = try refusal(most: 0, configuration: STDIN_FILENO)
        #expect(message.pool == "main" && message.server == "web-01" && message.report.hook == 7)
        #expect(message.report.result?.ending == .notStarted("0 clean-up hooks run already"))
        #expect(log == "a clean-up hook is not started: 0 clean-up hooks run already")
    }

    @Test("So is one for which no process can be started")
    func noProcess() throws {
        // No such descriptor can be passed on.
        let (message, log) = try refusal(most: 8, configuration: -1)
        #expect(message.report.result?.ending == .notStarted("no process for it: Bad file descriptor"))
        #expect(log.contains("Bad file descriptor"))
    }
}
