/// What a body may cost beside its data.
public struct BodyLimits: Equatable, Sendable {
    /// Bytes of all chunk extensions of a message together; they are read and dropped.
    public var extensions: Int
    /// Bytes of all trailer lines of a message together. A single line must also fit the caller's buffer.
    public var trailers: Int
    /// Trailer lines.
    public var trailerFields: Int

    public init(extensions: Int, trailers: Int, trailerFields: Int) {
        precondition(extensions >= 0 && trailers >= 0 && trailerFields >= 0, "a limit is not negative")
        precondition(trailers <= 1 << 30, "trailers are at most 1 GiB")
        self.extensions = extensions
        self.trailers = trailers
        self.trailerFields = trailerFields
    }
}
