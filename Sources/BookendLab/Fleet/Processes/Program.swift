/// A program to run in a memory bound.
public struct Program: Sendable {
    public var path: String
    public var arguments: [String]
    /// What it gets when this process ends, however that comes about.
    public var signalAtOurEnd: Int32

    public init(path: String, arguments: [String], signalAtOurEnd: Int32) {
        self.path = path
        self.arguments = arguments
        self.signalAtOurEnd = signalAtOurEnd
    }
}
