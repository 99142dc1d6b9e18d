/// What is held of events for those who listen. With what each event costs beside its message it is less than half a mebibyte.
enum EventLimits {
    /// Minutes of a bad night; what is older is in the journal.
    static let kept = 1_024
    /// Bytes of the messages of all that are kept: some 380 each, which is what most have.
    static let bytes = 384 << 10
    /// Bytes of one message: so that no event alone drives many others out.
    static let message = 16 << 10
    static let subscribers = 16
}
