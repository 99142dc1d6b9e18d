import BookendCore

/// What the demo is asked for.
struct DemoSettings {
    var listen: String
    /// Of each server.
    var memory: ByteCount
    /// Requests per second; 0 for none.
    var rate: Int
    /// The path of the program.
    var bookty: String
}
