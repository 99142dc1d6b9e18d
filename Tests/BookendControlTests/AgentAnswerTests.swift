import BookendCore
import Testing

@testable import BookendControl

@Suite("What an agent answers")
struct AgentAnswerTests {
    private func answer(_ change: (inout AgentAnswer) -> Void) -> AgentAnswer {
        var answer = AgentAnswer()
        change(&answer)
        return answer
    }

    @Test("Words in any order, between spaces, tabs or commas, in any case")
    func words() {
        #expect(AgentAnswer(line: "75%") == answer { $0.percent = 75 })
        #expect(AgentAnswer(line: "drain") == answer { $0.administration = .drain })
        #expect(AgentAnswer(line: "MAINT") == answer { $0.administration = .maint })
        #expect(AgentAnswer(line: "maxconn:30") == answer { $0.cap = 30 })
        #expect(AgentAnswer(line: "failed") == AgentAnswer(line: "fail"))
        let all = answer {
            $0.percent = 50
            $0.cap = 10
            $0.administration = .ready
            $0.operation = .up
        }
        for line in ["up ready 50% maxconn:10", "50%,maxconn:10,ready,up", " maxconn:10\t50% ,, Ready UP "] {
            #expect(AgentAnswer(line: line) == all, "\(line)")
        }
    }

    @Test("What stands behind # is for people")
    func comment() {
        #expect(AgentAnswer(line: "down # disk 100% full, call somebody") == answer { $0.operation = .down })
        #expect(AgentAnswer(line: "stopped#maint") == answer { $0.operation = .stopped })
    }

    @Test(
        "Half understood is not acted on",
        arguments: [
            "", " ", "#", "hello", "75", "%", "-1%", "7.5%", "75 %", "maxconn:", "maxconn:x", "maxconn: 30",
            "maxconn:-1",
            "99999999999999999999%", "maxconn:99999999999999999999", "up down?", "ready 75% bogus",
            "HTTP/1.1 200 OK", "0x10%", "١٢%",
        ])
    func unknown(_ line: String) {
        #expect(AgentAnswer(line: line) == nil)
    }
}
