import Testing

@testable import BookendCore

@Suite("The retry budget")
struct RetryBudgetTests {
    private let start = Moment(nanoseconds: 1_000_000_000_000)

    private func taken(_ budget: inout RetryBudget) -> Int {
        var count = 0
        while budget.take() { count += 1 }
        return count
    }

    @Test("A tenth of the requests, and what ten seconds give, can be sent again")
    func share() {
        var budget = RetryBudget(percent: 10, workers: 1, at: start)
        for _ in 0..<1_000 { budget.noteRequest() }
        #expect(taken(&budget) == 100 + 30)
        #expect(taken(&budget) == 0)
    }

    @Test("Three a second come back, shared by the workers")
    func time() {
        for workers in [1, 3] {
            var budget = RetryBudget(percent: 10, workers: workers, at: start)
            _ = taken(&budget)
            budget.settle(at: start + .seconds(1))
            #expect(taken(&budget) == 3 / workers)
            budget.settle(at: start + .seconds(3_600))
            #expect(taken(&budget) == 30 / workers)
        }
    }

    @Test("What requests earned is worth nothing after ten seconds")
    func fades() {
        var budget = RetryBudget(percent: 10, workers: 1, at: start)
        for _ in 0..<1_000 { budget.noteRequest() }
        budget.settle(at: start + .seconds(10))
        #expect(taken(&budget) == 30)
    }

    @Test("Nothing is nothing")
    func zero() {
        var budget = RetryBudget(percent: 0, workers: 1, at: start)
        for _ in 0..<1_000 { budget.noteRequest() }
        budget.settle(at: start + .seconds(100))
        #expect(taken(&budget) == 0)
    }

    @Test("Among many workers each can still retry once")
    func manyWorkers() {
        var budget = RetryBudget(percent: 10, workers: 64, at: start)
        #expect(taken(&budget) == 1)
        budget.settle(at: start + .seconds(10))
        #expect(taken(&budget) == 0, "a part of a retry is none")
        for second in 2...4 { budget.settle(at: start + .seconds(Int64(10 * second))) }
        #expect(taken(&budget) == 1)
    }
}
