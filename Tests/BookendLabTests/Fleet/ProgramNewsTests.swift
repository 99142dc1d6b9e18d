import BookendCore
import BookendLoop
import Glibc
import Testing

@testable import BookendLab

struct ProgramNewsTests {
    @Test("A program that ended is started again after a second, after ten while it keeps ending at its start")
    func delays() {
        var delay = RestartDelay()
        #expect((0..<6).map { _ in delay.next(afterLiving: .seconds(1)).inSeconds } == [1, 1, 1, 1, 10, 10])
        #expect(delay.next(afterLiving: .seconds(60)) == .seconds(1))
        #expect(delay.next(afterLiving: .zero) == .seconds(1))
    }

    @Test("A kill that the group counted is told with limit and counter; one that it did not is no lack of memory")
    func outOfMemory() throws {
        let kernel = try KernelStandIn()
        try kernel.put("", at: "/cgroup.procs")
        let group = try MemoryGroup.make("/g", .v1, limit: nil, kernel)
        let bound = MemoryBound.group(group, .mebibytes(256))
        let cause = ProgramNews.Cause(.signal(SIGKILL), in: bound, kills: 2, before: 1)
        #expect(cause == .outOfMemory(limit: .mebibytes(256), kills: 2))
        #expect(ProgramNews.Cause(.signal(SIGKILL), in: bound, kills: 2, before: 2) == .unknown)
        #expect(
            ProgramNews.ended(.signal(SIGKILL), 4711, cause, restartIn: .seconds(1)).description
                == "ran out of memory: the kernel killed process 4711 at its limit of 256MiB (oom_kill 2); "
                + "it starts again in 1s")
    }

    @Test("Under a resource limit a crash is most likely want of memory; a kill or an exit is not")
    func refusedMemory() {
        let bound = MemoryBound.resourceLimit(.mebibytes(64))
        let crash = ProgramNews.Cause(.signal(SIGABRT), in: bound, kills: 0, before: 0)
        #expect(crash == .likelyRefusedMemory(limit: .mebibytes(64)))
        #expect(ProgramNews.Cause(.signal(SIGKILL), in: bound, kills: 0, before: 0) == .unknown)
        #expect(ProgramNews.Cause(.code(1), in: bound, kills: 0, before: 0) == .unknown)
        #expect(
            ProgramNews.Cause(.signal(SIGABRT), in: .resourceLimit(nil), kills: 0, before: 0) == .unknown)
    }

    @Test("Every other piece of news names the process and what comes next")
    func words() {
        #expect(
            ProgramNews.ended(.code(3), 7, .unknown, restartIn: .seconds(10)).description
                == "ended with code 3, process 7; it starts again in 10s")
        #expect(ProgramNews.runsAgain(8).description == "runs again as process 8")
        #expect(
            ProgramNews.cannotStart(.noPermission, nextTryIn: .seconds(1)).description
                == "cannot be started: Permission denied; next try in 1s")
    }
}
