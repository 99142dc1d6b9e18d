import FleetSchedules
import Foundation
import Testing

@Suite("Random schedules of a fleet")
struct FleetScheduleTests {
    /// `make schedules` plays 100,000 of them with the optimiser's help.
    @Test("Whatever breaks and mends: somebody serves, nobody dies for a pause, a hang is seen, all ends as it began")
    func schedules() {
        let environment = ProcessInfo.processInfo.environment
        let one = environment["BOOKEND_SEED"].flatMap { UInt64($0) }
        for seed in one.map({ $0..<($0 + 1) }) ?? 0..<300 {
            var schedule = FleetSchedule(seed: seed, hasDigest: false)
            let problem = schedule.play()
            #expect(problem == nil, "BOOKEND_SEED=\(seed)")
            if problem != nil { return }
        }
    }
}
