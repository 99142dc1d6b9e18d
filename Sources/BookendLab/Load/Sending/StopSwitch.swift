import Synchronization

/// Ends a run early, from any thread; what was measured until then is kept.
public final class StopSwitch: Sendable {
    private let isThrown = Atomic<Bool>(false)

    public init() {}

    public func stop() {
        isThrown.store(true, ordering: .relaxed)
    }

    public var isStopped: Bool { isThrown.load(ordering: .relaxed) }
}
