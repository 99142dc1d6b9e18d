import Synchronization

/// On until it is set otherwise; for scripts of origins that change what they do.
final class Switch: Sendable {
    private let state = Atomic(true)

    var isOn: Bool { state.load(ordering: .sequentiallyConsistent) }

    func set(_ isOn: Bool) {
        state.store(isOn, ordering: .sequentiallyConsistent)
    }
}
