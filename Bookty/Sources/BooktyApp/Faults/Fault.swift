import Synchronization

/// A way to be broken on purpose, so that a balancer in front can be tested: `slow:10`, `errors`, `errors:healthy`,
/// `pauses:300ms:5s` or `leak:1MiB`.
package enum Fault: Sendable, Equatable {
    /// Every request takes so many times as long, and at least `Fault.leastSlowness` longer.
    case slow(Int)
    /// Every request is answered with 500 at once; the health paths too, unless they stay healthy.
    case errors(healthPathsToo: Bool)
    /// Nothing is answered for `length` out of every `period`.
    case pauses(length: Duration, period: Duration)
    /// So many bytes of memory a second are taken and never given back.
    case leak(Int)

    /// A page from memory takes too little for a multiple of it to be noticed.
    static let leastSlowness = Duration.milliseconds(10)

    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        switch (parts[0], parts.count) {
        case ("slow", 2):
            guard let factor = Int(parts[1]), (2...1_000).contains(factor) else { return nil }
            self = .slow(factor)
        case ("errors", 1): self = .errors(healthPathsToo: true)
        case ("errors", 2) where parts[1] == "healthy": self = .errors(healthPathsToo: false)
        case ("pauses", 3):
            guard let length = Self.span(parts[1]), let period = Self.span(parts[2]), length < period else {
                return nil
            }
            self = .pauses(length: length, period: period)
        case ("leak", 2):
            guard parts[1].hasSuffix("MiB"), let count = Int(parts[1].dropLast(3)), (1...1_024).contains(count) else {
                return nil
            }
            self = .leak(count << 20)
        default: return nil
        }
    }

    private static func span(_ text: String) -> Duration? {
        let digits = text.prefix { $0.isNumber }
        guard let count = Int(digits), (1...3_600_000).contains(count) else { return nil }
        switch text.dropFirst(digits.count) {
        case "ms": return .milliseconds(count)
        case "s": return .seconds(count)
        default: return nil
        }
    }
}

/// The fault, if there is one, and whether it is on.
package final class FaultSwitch: Sendable {
    let fault: Fault
    private let state: Atomic<Bool>

    package init(_ fault: Fault, isOn: Bool) {
        self.fault = fault
        state = Atomic(isOn)
    }

    package var isOn: Bool { state.load(ordering: .relaxed) }

    package func turn(on: Bool) {
        state.store(on, ordering: .relaxed)
    }
}
