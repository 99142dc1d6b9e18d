import Testing

@testable import BookendCore

@Suite("Headroom")
struct HeadroomTests {
    private func picks(_ candidates: inout [Candidate], _ count: Int, ending: Bool) -> [Int] {
        var policy = Headroom(serverCount: candidates.count)
        var random = SeededRandom(seed: 1)
        return (0..<count).map { _ in
            let looked = candidates
            guard let index = policy.pick(from: looked.span, using: &random) else { return -1 }
            if !ending { candidates[index].inFlight += 1 }
            return index
        }
    }

    private func servers(_ caps: [Int32]) -> [Candidate] {
        caps.map { Candidate(weight: 1, inFlight: 0, cap: $0, isOpen: true) }
    }

    @Test("Equal servers get exact round-robin, whatever the noise of one request")
    func equal() {
        var idle = servers([10, 10])
        #expect(picks(&idle, 6, ending: true) == [0, 1, 0, 1, 0, 1])
        idle[1].inFlight = 1
        #expect(picks(&idle, 6, ending: true) == [0, 1, 0, 1, 0, 1])
    }

    @Test("A server that holds a third fills at the same pace, and nobody gets more than its cap")
    func caps() {
        var three = servers([30, 10])
        let all = picks(&three, 40, ending: false)
        #expect(three[0].inFlight == 30 && three[1].inFlight == 10 && !all.contains(-1))
        #expect(picks(&three, 1, ending: false) == [-1])
        var half = servers([30, 10])
        _ = picks(&half, 20, ending: false)
        #expect((4...6).contains(half[1].inFlight))
    }

    @Test("One that is busy is left alone until the others are as busy")
    func busy() {
        var two = servers([10, 10])
        two[0].inFlight = 6
        #expect(picks(&two, 5, ending: false).allSatisfy { $0 == 1 })
    }

    @Test("Without caps it is round-robin by weight")
    func unlimited() {
        var two = servers([.max, .max])
        two[0].weight = 3
        _ = picks(&two, 400, ending: false)
        #expect(two[0].inFlight == 300 && two[1].inFlight == 100)
    }
}
