import BookendCore
import Testing

@Suite("First")
struct FirstWithRoomTests {
    @Test("fills in order up to the caps, whatever the weights")
    func inOrder() {
        var worker = Worker(.first, idle(weights: [1, 200, 9]), seed: 1)
        for index in 0..<3 { worker.servers[index].cap = 2 }
        #expect(worker.fills(7) == [0, 0, 1, 1, 2, 2, -1])
    }

    @Test("goes back to an earlier server as soon as it has room or is open again")
    func comesBack() {
        var worker = Worker(.first, idle(weights: [1, 1, 1]), seed: 1)
        worker.servers[0].isOpen = false
        worker.servers[1].cap = 1
        #expect(worker.fills(3) == [1, 2, 2])
        worker.servers[1].inFlight = 0
        #expect(worker.fills(2) == [1, 2])
        worker.servers[0].isOpen = true
        #expect(worker.fills(2) == [0, 0])
    }
}
