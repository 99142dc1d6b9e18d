import BookendCore
import BookendLoop

/// The one place where it is told what happened: every event gets its time and its number here, goes to the journal, and
/// to whoever reads events: the log, the subscribers of `GET /v1/events`. Lives on the control loop.
final class Events {
    private let store: Store
    private unowned let loop: Loop
    private var readers: [(Event) -> Void] = []

    init(_ store: Store, on loop: Loop) {
        self.store = store
        self.loop = loop
    }

    /// - Parameter reader: gets every event from now on, in order. It must not wait.
    func addReader(_ reader: @escaping (Event) -> Void) {
        readers.append(reader)
    }

    /// - Parameters:
    ///   - cause: the number of the event that it follows from.
    ///   - isBrief: nobody will ask for it later: it has no number and is not kept.
    /// - Returns: its number, for those that follow from it.
    @discardableResult
    func tell(
        _ kind: Event.Kind, pool: String?, server: String?, _ text: String, detail: [String: JSONValue],
        cause: Int64?, isBrief: Bool
    ) -> Int64? {
        let (time, moment) = (WallTime(unixNanoseconds: loop.kernel.wallClock()), loop.now)
        func event(_ number: Int64?) -> Event {
            Event(
                id: number, time: time, monotonicNanoseconds: moment.nanoseconds, kind: kind, pool: pool,
                server: server, text: text, detail: detail, cause: cause)
        }
        let told = isBrief ? event(nil) : store.write { event($0) }
        for reader in readers { reader(told) }
        return told.id
    }
}
