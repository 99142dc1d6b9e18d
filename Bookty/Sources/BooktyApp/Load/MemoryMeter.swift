import Foundation
import Synchronization

/// Tells which share of its memory this server uses: of its control group's limit, if it has one, otherwise of the
/// machine's memory.
///
/// The working set counts, as the kernel's out-of-memory killer would count it: what is in use without the file cache
/// that can be dropped at once.
final class MemoryMeter: Sendable {
    /// A reading takes three small files; under load every answer would ask.
    private static let freshness = Duration.milliseconds(50)

    private let source = MemorySource.find()
    private let latest = Mutex<(at: ContinuousClock.Instant, share: Double?)?>(nil)

    /// From 0 to 1, or nil when the system does not tell. At most 50 ms old.
    var share: Double? {
        latest.withLock { latest in
            if let known = latest, known.at.duration(to: .now) < Self.freshness { return known.share }
            let share = source?.share()
            latest = (.now, share)
            return share
        }
    }
}

/// Where the figures come from.
enum MemorySource: Sendable {
    case group(usage: String, limit: String, stat: String, cacheKey: String)
    case machine

    /// cgroup v2, cgroup v1, or the machine, whichever has a limit for this process.
    static func find() -> MemorySource? {
        let lines = (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8))?.split(separator: "\n") ?? []
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let group: MemorySource
            if parts[1].split(separator: ",").contains("memory") {
                let folder = "/sys/fs/cgroup/memory" + (parts[2] == "/" ? "" : parts[2])
                group = .group(
                    usage: folder + "/memory.usage_in_bytes", limit: folder + "/memory.limit_in_bytes",
                    stat: folder + "/memory.stat", cacheKey: "total_inactive_file ")
            } else if parts[0] == "0" {
                let folder = "/sys/fs/cgroup" + (parts[2] == "/" ? "" : parts[2])
                group = .group(
                    usage: folder + "/memory.current", limit: folder + "/memory.max", stat: folder + "/memory.stat",
                    cacheKey: "inactive_file ")
            } else {
                continue
            }
            if group.share() != nil { return group }
        }
        return MemorySource.machine.share() == nil ? nil : .machine
    }

    func share() -> Double? {
        switch self {
        case .group(let usagePath, let limitPath, let statPath, let cacheKey):
            // "No limit" is the word `max` in version 2 and a number beyond any machine's memory in version 1.
            guard let usage = Self.number(usagePath), let limit = Self.number(limitPath), limit > 0, limit < 1e15
            else { return nil }
            let cache = Self.value(of: cacheKey, in: statPath) ?? 0
            return min(max((usage - cache) / limit, 0), 1)
        case .machine:
            // Other programs' memory counts too: it is just as little available to this one.
            guard let free = Self.value(of: "MemAvailable:", in: "/proc/meminfo"),
                let all = Self.value(of: "MemTotal:", in: "/proc/meminfo"), all > 0
            else { return nil }
            return min(max(1 - free / all, 0), 1)
        }
    }

    private static func number(_ path: String) -> Double? {
        (try? String(contentsOfFile: path, encoding: .utf8))
            .flatMap { Double($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    private static func value(of key: String, in path: String) -> Double? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix(key) }
        return line?.dropFirst(key.count).split(whereSeparator: \.isWhitespace).first.flatMap { Double($0) }
    }
}
