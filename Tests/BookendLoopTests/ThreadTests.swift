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

    @Test("A thread that nobody waits for leaves no stack behind")
    func detached() throws {
        let before = Self.mappedBytes
        for _ in 0..<300 {
            let flag = Flag()
            try Thread.start("short") { flag.value.store(true, ordering: .releasing) }.detach()
            while !flag.value.load(ordering: .acquiring) { usleep(100) }
        }
        // A stack has 8 MiB of addresses, and the C library keeps some for the next thread. Other tests run beside this one.
        #expect(Self.mappedBytes - before < 150 * 8 << 20)
    }

    private final class Flag: Sendable {
        let value = Atomic(false)
    }

    /// Addresses in use, in bytes (proc_pid_statm(5), field 1).
    private static var mappedBytes: Int {
        let file = open("/proc/self/statm", O_RDONLY)
        defer { close(file) }
        var text = [UInt8](repeating: 0, count: 64)
        let count = read(file, &text, text.count)
        let pages = String(decoding: text.prefix(max(0, count)), as: UTF8.self).split(separator: " ").first
        return (pages.flatMap { Int($0) } ?? 0) * 4_096
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
