import BookendConfig
import BookendProxy
import Testing

@testable import BookendControl
@testable import BookendCore

@Suite("What is said of recycles")
struct RecycleTextTests {
    @Test("A second order is told in a whole sentence how far the first one is")
    func plannedAlready() throws {
        let yaml = "listen: 127.0.0.1:0\nservers: { web-01: 127.0.0.1:9001, web-02: 127.0.0.1:9002 }\n"
        let read = Configuration.parse(text: yaml, file: "bookend.yaml", environment: [:], isRoot: true)
        let text = RecycleText(try Plan(try #require(read.configuration)))
        let figures = GuardFigures(rest: [], absent: [], isServing: true, carried: 0, load: LoadHistory())
        let phases: [(Recycle.Phase, String)] = [
            (.waiting(.turn), "it is recycled after the one before it"),
            (.waiting(.leased), "somebody has taken it out"),
            (.waiting(.guarded(figures)), "the others would not carry the load without it"),
            (.waiting(.needed), "the others did not carry the load without it; it is tried again"),
            (.draining, "it drains before its clean-up hook runs"), (.hook, "its clean-up hook runs"),
            (.verifying, "it is checked after its clean-up hook"),
            (.overdue, "it does not answer its checks after its clean-up hook"),
            (.slowStart, "it is back, in slow start"),
        ]
        for (phase, sentence) in phases {
            var recycle = Recycle(ServerID(index: 1), .asked(by: "ada"), why: "a leak", at: .origin)
            recycle.enter(phase, at: .origin)
            let (status, detail) = text.refusal(.planned(recycle), "web-02")
            #expect(status == 409 && detail == "web-02 is planned already: \(sentence)")
        }
    }
}
