/// Where something was written.
public enum Place: Sendable, Hashable {
    /// A point in a file. Lines and columns count from 1; columns count Unicode scalars.
    case text(file: String, line: Int, column: Int)
    /// A file as a whole.
    case file(String)
    /// An argument of the command line, as it was typed.
    case flag(String)
}

extension Place: CustomStringConvertible {
    /// The form that editors and terminals jump to: `bookend.yaml:7:13`.
    public var description: String {
        switch self {
        case .text(let file, let line, let column): "\(file):\(line):\(column)"
        case .file(let file): file
        case .flag(let text): text
        }
    }
}
