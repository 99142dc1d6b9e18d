import BookendCore
import Testing

@testable import BookendLab

struct FleetLineTests {
    @Test("The line has the rate, what failed, each server's share and memory, and Bookend's own memory")
    func whole() {
        #expect(
            line().text(columns: nil)
                == "1:02  50 req/s, 3 of 3100 failed | web-01 50% 41 MiB | web-02 50% 40 MiB (restarted 2x) | "
                + "backup-01 0% 22 MiB | bookend 9 MiB")
    }

    @Test(
        "It never fills a terminal's line, because it could not be overwritten then",
        arguments: [0, 1, 20, 80, 119, 120])
    func narrow(columns: Int) {
        #expect(line().text(columns: columns).count <= max(0, columns - 1))
    }

    @Test("On 80 columns it still says everything that matters")
    func short() {
        #expect(
            line().text(columns: 80)
                == "1:02 50/s 3 failed | web-01 50% 41M | web-02 50% 40M x2 | backup-01 0% 22M")
    }

    @Test("A server that does not run is down; without an answer of Bookend there are no shares")
    func unknown() {
        var line = line()
        line.readers = nil
        line.servers[1].memory = nil
        for index in line.servers.indices { line.servers[index].requestsPerSecond = nil }
        #expect(
            line.text(columns: nil)
                == "1:02 ? req/s | web-01 - 41 MiB | web-02 down (restarted 2x) | backup-01 - 22 MiB | bookend 9 MiB")
    }

    private func line() -> FleetLine {
        FleetLine(
            elapsed: .seconds(62),
            servers: [server("web-01", 25, 41), server("web-02", 25, 40, restarts: 2), server("backup-01", 0, 22)],
            readers: DemoReaders.Totals(requests: 3_100, failed: 3), bookend: server("bookend", nil, 9))
    }

    private func server(_ name: String, _ rate: Double?, _ memory: Int, restarts: Int = 0) -> FleetLine.Server {
        FleetLine.Server(name: name, requestsPerSecond: rate, memory: .mebibytes(memory), restarts: restarts)
    }
}
