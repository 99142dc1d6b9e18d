import ArgumentParser
import Foundation

/// What exit codes mean (interface.md): 0 done, 1 refused or a broken promise, 2 wrong usage, 3 Bookend cannot be reached.
extension ExitCode {
    static let refused = ExitCode(1)
    static let wrongUsage = ExitCode(2)
    static let unreachable = ExitCode(3)
}

/// Says something to whoever watches, beside the output proper.
func say(_ text: String) {
    FileHandle.standardError.write(Data("bookend: \(text)\n".utf8))
}
