import Glibc
import Testing

@testable import BookendLab

struct RunNameTests {
    @Test("A run's name is read back as it was written")
    func roundTrip() throws {
        let run = try #require(RunName(kind: "demo"))
        #expect(run.process == getpid())
        #expect(RunName(run.text, kind: "demo") == run)
        #expect(!run.isOver())
    }

    @Test("A run is over when its process is gone, or its number is another process's by now")
    func over() throws {
        let run = try #require(RunName(kind: "demo"))
        let later = try #require(RunName("bookend-demo-\(run.process)-\(run.startTime + 1)", kind: "demo"))
        #expect(later.isOver())
        #expect(RunName("bookend-demo-\(Int32.max)-1", kind: "demo")?.isOver() == true)
    }

    @Test(
        "What is no name of a run of this kind is not taken for one",
        arguments: [
            "", "bookend-demo", "bookend-demo-", "bookend-demo-1", "bookend-demo-1-", "bookend-demo-1-2-3",
            "bookend-demo--1-2", "bookend-demo-0-2", "bookend-demo-x-2", "bookend-rehearse-1-2", "xbookend-demo-1-2",
            "bookend-demo-99999999999-2",
        ])
    func refused(_ text: String) {
        #expect(RunName(text, kind: "demo") == nil)
    }
}
