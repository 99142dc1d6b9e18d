// fleet-schedules COUNT [SEED]: plays so many random schedules of the fleet, from that seed on, on all cores; prints the
// seed of the first that broke a promise. `make schedules`.

import BookendCore
import FleetSchedules
import Foundation

let arguments = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
guard let count = arguments.first else {
    print("usage: fleet-schedules COUNT [SEED]")
    exit(2)
}
let first = arguments.count > 1 ? arguments[1] : 0
let workers = UInt64(max(1, ProcessInfo.processInfo.activeProcessorCount))
let began = ContinuousClock.now

let broken = await withTaskGroup(of: (seed: UInt64, problem: String)?.self) { group in
    for worker in 0..<workers {
        group.addTask {
            for seed in stride(from: first + worker, to: first + count, by: Int(workers)) {
                let isPlayedTwice = seed % 64 == 0
                var schedule = FleetSchedule(seed: seed, hasDigest: isPlayedTwice)
                if let problem = schedule.play() { return (seed, problem) }
                guard isPlayedTwice else { continue }
                var again = FleetSchedule(seed: seed, hasDigest: true)
                _ = again.play()
                if again.digest != schedule.digest { return (seed, "the same seed did not do the same") }
            }
            return nil
        }
    }
    var all: [(seed: UInt64, problem: String)] = []
    for await one in group { if let one { all.append(one) } }
    return all.min { $0.seed < $1.seed }
}
if let broken {
    print("seed \(broken.seed): \(broken.problem)\nreplay it: fleet-schedules 1 \(broken.seed)")
    exit(1)
}
print("\(count) schedules from seed \(first): all promises held (\(ContinuousClock.now - began))")
