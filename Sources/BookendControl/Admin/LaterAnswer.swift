/// An answer that is not known yet, when the one who asks is to wait for it.
final class LaterAnswer {
    private var answer: AdminAnswer?
    private var taker: ((AdminAnswer) -> Void)?

    /// Once.
    func give(_ answer: AdminAnswer) {
        guard let taker else { return self.answer = answer }
        self.taker = nil
        taker(answer)
    }

    func whenGiven(_ taker: @escaping (AdminAnswer) -> Void) {
        guard let answer else { return self.taker = taker }
        taker(answer)
    }
}
