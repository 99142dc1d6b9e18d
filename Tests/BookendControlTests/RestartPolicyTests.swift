import BookendCore
import Testing

@testable import BookendControl

@Suite("Restarts")
struct RestartPolicyTests {
    @Test("The first come at once, then ever later up to five seconds")
    func backsOff() {
        var policy = RestartPolicy()
        let delays = (0..<12).map { _ in policy.delay(afterLiving: .milliseconds(5)) }
        #expect(delays.prefix(3).allSatisfy { $0 == .zero })
        #expect(delays[3] == .milliseconds(100) && delays[4] == .milliseconds(200))
        #expect(zip(delays, delays.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(delays.last == .seconds(5))
    }

    @Test("One that had served for a while comes back at once, however often others died before")
    func settles() {
        var policy = RestartPolicy()
        for _ in 0..<9 { _ = policy.delay(afterLiving: .zero) }
        #expect(policy.delay(afterLiving: .seconds(1)) == .zero)
    }
}
