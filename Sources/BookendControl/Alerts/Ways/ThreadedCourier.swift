import BookendLoop

/// A way that has to wait for another program, or for a resolver. Its thread is its own, so that a target that hangs keeps
/// no other one from being told.
final class ThreadedCourier: AlertCourier {
    private let errands: Errands<AlertOutcome>
    private let send: @Sendable (Alert) -> AlertOutcome

    /// - Parameter send: may block, for a bounded time; one at a time.
    init(_ name: String, on loop: Loop, send: @escaping @Sendable (Alert) -> AlertOutcome) throws(Errno) {
        errands = try Errands(name, on: loop)
        self.send = send
    }

    override func bring(_ alert: Alert, over: @escaping (AlertOutcome) -> Void) {
        let send = send
        errands.run({ send(alert) }, over: over)
    }
}
