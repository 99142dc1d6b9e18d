/// What became of one try.
enum AlertOutcome: Sendable, Equatable {
    /// With what came back, for people.
    case taken(String)
    /// Why not.
    case failed(String)
    /// The target has understood it and does not want it: it is not likely to want it later.
    case refused(String)

    var words: String {
        switch self {
        case .taken(let words), .failed(let words), .refused(let words): words
        }
    }
}

/// A way to a target. Never blocks the loop it is called on.
class AlertCourier {
    /// Brings one alert, once; `over` is called once, on the same loop, not before this returns.
    func bring(_ alert: Alert, over: @escaping (AlertOutcome) -> Void) {
        preconditionFailure("each way has its own")
    }
}
