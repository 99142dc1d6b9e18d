import BookendLoop
import Glibc
import Synchronization
import Testing

@Suite("Thread")
struct ThreadTests {
    @Test("Runs under its name, and join waits for its end")
    func nameAndJoin() throws {
        let seen = Mutex("")
        let thread = try Thread.start("bookend-test") {
            usleep(5_000)
            let file = open("/proc/thread-self/comm", O_RDONLY)
            defer { close(file) }
            var name = [UInt8](repeating: 0, count: 16)
            let count = read(file, &name, name.count)
            seen.withLock { $0 = String(decoding: name.prefix(max(0, count - 1)), as: UTF8.self) }
        }
        thread.join()
        let name = seen.withLock { $0 }
        #expect(name == "bookend-test")
    }

    @Test("A name that is too long is cut, not refused")
    func longName() throws {
        let ran = Atomic(false)
        try Thread.start("a name of more than fifteen bytes") { ran.store(true, ordering: .releasing) }.join()
        let hasRun = ran.load(ordering: .acquiring)
        #expect(hasRun)
    }

    @Test("What the body held is let go of at its end")
    func letsGo() throws {
        final class Held: Sendable {}
        var held: Held? = Held()
        weak let remains = held
        let thread = try Thread.start("holder") { [held] in _ = held }
        held = nil
        thread.join()
        #expect(remains == nil)
    }
}
