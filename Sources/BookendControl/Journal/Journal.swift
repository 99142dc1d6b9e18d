import BookendCore
import BookendLoop

/// What is written down of what happens, on the control loop.
final class Journal {
    private let store: Store
    private let loop: Loop

    init(_ store: Store, on loop: Loop) {
        self.store = store
        self.loop = loop
    }

    /// - Parameter cause: the number of the entry that it follows from.
    /// - Returns: the entry's number, for those that follow from it.
    @discardableResult
    func write(
        _ kind: JournalEntry.Kind, pool: String?, server: String?, _ text: String, detail: [String: String],
        cause: Int64?
    ) -> Int64 {
        let (time, moment) = (WallTime(unixNanoseconds: loop.kernel.wallClock()), loop.now)
        return store.write { number in
            JournalEntry(
                id: number, time: time, monotonicNanoseconds: moment.nanoseconds, kind: kind, pool: pool,
                server: server, text: text, detail: detail, cause: cause)
        }
    }
}
