import BookendLoop
import Glibc
import Testing

@testable import BookendControl

@Suite("What supervisor and worker process tell each other")
struct LinkTests {
    @Test("Messages arrive whole and in order, with copies of what was passed; nothing is there when nothing was said")
    func messages() throws {
        let (ours, theirs) = try LinkEnd.pair()
        defer {
            ours.close()
            theirs.close()
        }
        #expect(theirs.receive(ToWorker.self) == nil)
        var pipe: [Int32] = [0, 0]
        #expect(Glibc.pipe(&pipe) == 0)
        defer { for raw in pipe { close(raw) } }
        #expect(ours.send(ToWorker.sockets(listener: 3), passing: [pipe[1], pipe[1]]))
        #expect(ours.send(ToWorker.change(upTo: 7, kept: [0, nil, 2]), passing: []))
        #expect(ours.send(ToWorker.refused(upTo: 8, "bookend.yaml:7:13: no\n"), passing: []))
        let (first, descriptors) = try #require(theirs.receive(ToWorker.self))
        #expect(first == .sockets(listener: 3) && descriptors.count == 2)
        for raw in descriptors {
            #expect(!pipe.contains(raw) && fcntl(raw, F_GETFD) & FD_CLOEXEC != 0)
            #expect(write(raw, "x", 1) == 1)
            close(raw)
        }
        #expect(theirs.receive(ToWorker.self)?.message == .change(upTo: 7, kept: [0, nil, 2]))
        #expect(theirs.receive(ToWorker.self)?.message == .refused(upTo: 8, "bookend.yaml:7:13: no\n"))
        #expect(theirs.receive(ToWorker.self) == nil)
    }

    @Test("The sockets of as many workers as there may be go at once, and the longest refusal arrives")
    func bounds() throws {
        let (ours, theirs) = try LinkEnd.pair()
        defer {
            ours.close()
            theirs.close()
        }
        let many = [Int32](repeating: STDERR_FILENO, count: 64)
        #expect(ours.send(ToWorker.sockets(listener: 0), passing: many))
        let passed = try #require(theirs.receive(ToWorker.self)).descriptors
        #expect(passed.count == 64)
        for raw in passed { close(raw) }
        #expect(!ours.send(ToWorker.sockets(listener: 0), passing: many + [STDERR_FILENO]))
        let longest = ToWorker.refused(upTo: 1, String(repeating: "\u{1}", count: LinkEnd.longestText / 4))
        #expect(ours.send(longest, passing: []))
        #expect(theirs.receive(ToWorker.self)?.message == longest)
    }

    @Test("Whoever is left alone is told so, and does not block")
    func alone() throws {
        let (ours, theirs) = try LinkEnd.pair()
        defer { ours.close() }
        theirs.close()
        #expect(!ours.send(ToSupervisor.serving, passing: []) && ours.receive(ToSupervisor.self) == nil)
    }
}
