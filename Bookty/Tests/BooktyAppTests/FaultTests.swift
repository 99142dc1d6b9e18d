import BooktyApp
import Foundation
import HTTPTypes
import Testing

@Suite("Broken on purpose")
struct FaultTests {
    @Test("A fault is read as it is written, and nothing else is one")
    func reads() {
        #expect(Fault("slow:10") == .slow(10))
        #expect(Fault("errors") == .errors(healthPathsToo: true))
        #expect(Fault("errors:healthy") == .errors(healthPathsToo: false))
        #expect(Fault("pauses:300ms:5s") == .pauses(length: .milliseconds(300), period: .seconds(5)))
        #expect(Fault("leak:1MiB") == .leak(1 << 20))
        for text in [
            "", "slow", "slow:1", "slow:x", "errors:all", "pauses:5s:300ms", "pauses:1s", "pauses:1:2", "kill",
            "leak", "leak:1", "leak:0MiB", "leak:9999MiB",
        ] {
            #expect(Fault(text) == nil, "\(text)")
        }
    }

    @Test("Errors begin and end with the switch; the health path stays well if it is told to")
    func errors() async throws {
        for healthPathsToo in [true, false] {
            let faults = FaultSwitch(.errors(healthPathsToo: healthPathsToo), isOn: false)
            let site = try Site("web-01", try DataFile(), faults: faults)
            #expect(try await site.send(.get, "/api/books/1").status == 200)
            faults.turn(on: true)
            #expect(try await site.send(.get, "/api/books/1").status == 500)
            #expect(try await site.send(.get, "/healthz").status == (healthPathsToo ? 500 : 200))
            faults.turn(on: false)
            #expect(try await site.send(.get, "/api/books/1").status == 200)
        }
    }

    @Test("Slow is slower by the factor, and by ten milliseconds for each at least")
    func slow() async throws {
        let site = try Site("web-01", try DataFile(), faults: FaultSwitch(.slow(10), isOn: true))
        let began = ContinuousClock.now
        #expect(try await site.send(.get, "/healthz").status == 200)
        #expect(began.duration(to: .now) >= .milliseconds(100))
    }

    @Test("A leak answers well, and takes memory as long as it is on")
    func leak() async throws {
        let faults = FaultSwitch(.leak(64 << 20), isOn: false)
        let leak = try #require(Leak.begin(faults))
        let site = try Site("web-01", try DataFile(), faults: faults)
        let before = try residentBytes()
        faults.turn(on: true)
        try await Task.sleep(for: .milliseconds(1_500))
        #expect(try await site.send(.get, "/healthz").status == 200)
        faults.turn(on: false)
        #expect(try residentBytes() - before > 32 << 20)
        leak.cancel()
    }

    /// Of this process.
    private func residentBytes() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        return (Int(text.split(separator: " ")[1]) ?? 0) * 4_096
    }

    @Test("A pause holds what comes in it to its end")
    func pauses() async throws {
        // One pause after the other: between two of them nothing slips through.
        let faults = FaultSwitch(.pauses(length: .milliseconds(200), period: .milliseconds(200)), isOn: true)
        let site = try Site("web-01", try DataFile(), faults: faults)
        let began = ContinuousClock.now
        for _ in 0..<3 { #expect(try await site.send(.get, "/healthz").status == 200) }
        #expect(began.duration(to: .now) >= .milliseconds(300))
    }
}
