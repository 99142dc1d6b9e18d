/// Something that the loop tells about its descriptor and its deadline. A class with overridable methods, not a
/// protocol, so that a table of different sources needs no existential.
open class EventSource {
    /// Where the loop keeps this source, while it does.
    final var place = Place.nowhere
    /// Its deadline passed in this turn and nobody took that back; the call is still to come.
    final var isDue = false
    /// It waits for its turn after `Loop.resumeLater`.
    final var isResuming = false

    public init() {}

    /// The descriptor's state changed. After `Loop.remove` no more calls come, even for edges already fetched.
    open func ready(_ readiness: Readiness) {}

    /// The deadline set with `Loop.setDeadline` passed; it is no longer set.
    open func deadlinePassed() {}

    /// The turn asked for with `Loop.resumeLater` came.
    open func resumed() {}

    /// A slot of the loop's table and how often it was used before, so that a stale edge meets nobody.
    struct Place: Equatable {
        var slot: UInt32
        var generation: UInt32

        static let nowhere = Place(slot: .max, generation: 0)

        var token: UInt64 { UInt64(generation) << 32 | UInt64(slot) }

        init(slot: UInt32, generation: UInt32) {
            self.slot = slot
            self.generation = generation
        }

        init(token: UInt64) {
            self.init(slot: UInt32(truncatingIfNeeded: token), generation: UInt32(truncatingIfNeeded: token >> 32))
        }
    }
}
