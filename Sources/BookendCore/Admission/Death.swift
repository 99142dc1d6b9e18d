extension HalfStepLimiter {
    /// What load did to a server.
    public struct Death: Sendable, Equatable {
        /// Requests, when it died last.
        public let inFlight: Int
        public let times: Int
        /// Requests that it may have since. It rises slowly after a first death.
        public let ceiling: Double

        /// Read from outside, any of them may be anything.
        public init(inFlight: Int, times: Int, ceiling: Double) {
            self.inFlight = max(0, inFlight)
            self.times = min(max(1, times), HalfStepLimiter.largest)
            self.ceiling = ceiling >= 1 ? min(ceiling, Double(HalfStepLimiter.largest)) : 1
        }
    }
}
