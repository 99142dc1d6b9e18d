import Testing

@testable import BookendLab

struct DemoGuideTests {
    private let guide = DemoGuide(
        command: ".build/release/bookend", url: "http://127.0.0.1:8080",
        admin: "/tmp/bookend-demo-1234567-12345678/admin.sock", folder: "/tmp/bookend-demo-1234567-12345678",
        year: 2026,
        limit: "256MiB for each server, by cgroup v1\n           /sys/fs/cgroup/memory/bookend-demo-1234567-12345678",
        rate: 50,
        servers: [DemoGuide.Server(name: "web-01", address: "127.0.0.1:40001", process: 4_711)])

    @Test("It fits a terminal of 80 columns")
    func width() {
        let longest = guide.text.split(separator: "\n").map(\.count).max() ?? 0
        #expect(longest <= 80)
    }

    @Test("It names the servers, what limits them, and a process to kill")
    func content() {
        for part in [
            "web-01     http://127.0.0.1:40001", "cgroup v1", "kill -9 4711", "drain web-01 --for 1m",
            "/reports/2026/poster.png",
        ] {
            #expect(guide.text.contains(part))
        }
    }

    @Test("The readers ask for pages of every kind, in requests that can be written")
    func readers() throws {
        let shape = RequestText.Shape(method: "GET", authority: "a", headers: [], body: nil, keepsConnection: true)
        let mix = try RequestMix(shape, paths: DemoReaders.paths)
        for kind in ["/ ", "/catalogue?", "/books/", "/search?"] {
            #expect(mix.requests.contains { String(decoding: $0.bytes, as: UTF8.self).hasPrefix("GET " + kind) })
        }
    }
}
