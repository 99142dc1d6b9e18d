import BookendCore
import BookendLoop
import Synchronization

/// The token that opens the admin API over TCP. Its file is read at the start and then every few seconds, so that a new
/// token needs no restart.
final class AdminToken: Sendable {
    private struct State {
        /// Nil when there was none to read: nobody is let in.
        var token: [UInt8]?
        var trouble: TokenFile.Unusable?
    }

    private let path: String
    private let state: Mutex<State>
    private let say: @Sendable (String) -> Void

    /// Blocks to read the file.
    ///
    /// - Parameter say: takes one line of text, from any thread.
    init(path: String, say: @escaping @Sendable (String) -> Void) {
        self.path = path
        self.say = say
        state = Mutex(State())
        readAgain()
    }

    /// Blocks. While the file cannot be used the token before it stays in force: a file that is just being replaced, or a
    /// disk in trouble, must not lock people out.
    func readAgain() {
        var fresh: [UInt8]?
        var trouble: TokenFile.Unusable?
        do throws(TokenFile.Unusable) {
            fresh = Array(try TokenFile(path: path, of: .token).token.utf8)
        } catch {
            trouble = error
        }
        let (isNew, hasNone) = state.withLock { state in
            defer { state.trouble = trouble }
            if let fresh { state.token = fresh }
            return (trouble != nil && trouble != state.trouble, state.token == nil)
        }
        guard isNew, let trouble else { return }
        say("\(trouble); " + (hasNone ? "nobody is let in over TCP that needs one" : "the one before stays in force"))
    }

    func opens(_ given: [UInt8]) -> Bool {
        guard let token = state.withLock({ $0.token }) else { return false }
        return Self.isSame(given, token)
    }

    /// Takes as long wherever the two differ, so that no token can be found byte by byte; only a length shows.
    @inline(never)
    static func isSame(_ given: [UInt8], _ token: [UInt8]) -> Bool {
        guard !token.isEmpty else { return false }
        var difference: UInt8 = given.count == token.count ? 0 : 1
        for index in given.indices { difference |= given[index] ^ token[index % token.count] }
        return difference == 0
    }
}

/// Has the token read again, on a thread that may wait for a disk.
final class TokenWatch: EventSource {
    private static let interval = TimeSpan.seconds(5)

    private unowned let loop: Loop
    private let token: AdminToken
    private let thread: SlowWork

    init(_ token: AdminToken, by thread: SlowWork, on loop: Loop) {
        self.token = token
        self.thread = thread
        self.loop = loop
        super.init()
        loop.add(self)
        loop.setDeadline(loop.now + Self.interval, for: self)
    }

    override func deadlinePassed() {
        let token = token
        thread.post { token.readAgain() }
        loop.setDeadline(loop.now + Self.interval, for: self)
    }
}
