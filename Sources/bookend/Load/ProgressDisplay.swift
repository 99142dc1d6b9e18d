import Foundation

/// One line at a time on standard error; on a terminal each takes the place of the one before.
struct ProgressDisplay {
    private let isQuiet: Bool
    private let isTerminal: Bool
    private var isShown = false

    init(isQuiet: Bool) {
        self.isQuiet = isQuiet
        isTerminal = isatty(FileHandle.standardError.fileDescriptor) == 1
    }

    mutating func show(_ line: String) {
        guard !isQuiet else { return }
        isShown = true
        write(isTerminal ? "\r\u{1B}[K\(line)" : "\(line)\n")
    }

    /// Clears the last line, so that the result stands alone.
    mutating func end() {
        if isShown, isTerminal { write("\r\u{1B}[K") }
        isShown = false
    }

    private func write(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
