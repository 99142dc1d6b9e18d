/// How one target of alerts fares, in the status and in `GET /v1/alerts`.
public struct AlertTargetReport: Codable, Sendable {
    public struct Test: Codable, Sendable {
        public let id: String
        public let taken: Bool
        /// What came back.
        public let answer: String
        public let milliseconds: Double
    }

    public let name: String
    /// What it is and where, without the path of a URL, which may be secret.
    public let way: String
    /// warning or page: what it is told from.
    public let severity: String
    public let waiting: Int
    public let delivered: Int
    /// That it was never told of: too many at once, too old, or refused.
    public let omitted: Int
    /// Why the last try failed; null when it did not.
    public let trouble: String?
    /// Since it fails; null while it does not.
    public let troubleSeconds: Double?
    /// The last `bookend alert test` that is over.
    public let test: Test?
}

/// What `POST /v1/alerts/test` takes.
public struct AlertTestOrder: Codable, Sendable {
    /// A target's name; null is all.
    public let target: String?

    public init(target: String?) {
        self.target = target
    }
}

/// A test that was begun. It is over when `GET /v1/alerts` shows its id in all of its targets.
public struct AlertTestReport: Codable, Sendable {
    public let id: String
    public let targets: [String]
}
