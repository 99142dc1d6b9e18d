public import BookendCore

extension TimeSpan {
    /// A length of time as configuration, commands and the admin API write it: `250ms`, `10s`, `5m`, `1h`.
    public init?(written text: String) {
        guard case .success(let span) = Self.parse(text) else { return nil }
        self = span
    }
}
