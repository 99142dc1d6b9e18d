import Foundation

/// What the demo writes: lines that stay, and below them one that is refreshed in place.
final class DemoScreen {
    /// A terminal that was stopped by Ctrl-S, or a reader that does not read, must not stop the demo.
    private static let patience: Int32 = 50
    /// Bytes that wait for such a one; when there are more, the oldest are lost.
    private static let mostWaiting = 16_384

    let isTerminal = isatty(STDOUT_FILENO) == 1
    private var waiting: [UInt8] = []
    private var isClosed = false

    /// False once the terminal was closed, or the other end of a pipe.
    var isWatched: Bool {
        var output = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
        return !isClosed && poll(&output, 1, 0) == 0
    }

    /// Something that stays.
    func say(_ text: String) {
        write((isTerminal ? "\r\u{1B}[K" : "") + text + "\n")
    }

    /// The last line.
    func show(_ line: String) {
        // Old figures are no use to somebody who looks later.
        guard waiting.isEmpty else { return write("") }
        write(isTerminal ? "\r\u{1B}[K" + line : line + "\n")
    }

    /// Leaves the last line as it is.
    func leave() {
        if isTerminal { write("\n") }
    }

    var columns: Int? {
        guard isTerminal else { return nil }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    private func write(_ text: String) {
        waiting += text.utf8
        while !waiting.isEmpty, !isClosed {
            var output = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
            guard poll(&output, 1, Self.patience) > 0 else { break }
            // No more than a pipe that is ready surely takes, so that the write does not wait (pipe(7), PIPE_BUF).
            let count = Glibc.write(STDOUT_FILENO, waiting, min(waiting.count, 4_096))
            if count > 0 {
                waiting.removeFirst(count)
            } else if errno != EINTR && errno != EAGAIN {
                isClosed = true
            }
        }
        waiting.removeFirst(max(0, waiting.count - Self.mostWaiting))
    }
}
