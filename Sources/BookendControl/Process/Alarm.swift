import BookendCore
import BookendLoop

/// Calls once, at a moment.
final class Alarm: EventSource {
    private let loop: Loop
    private let ring: () -> Void

    init(on loop: Loop, at moment: Moment, ring: @escaping () -> Void) {
        self.loop = loop
        self.ring = ring
        super.init()
        loop.add(self)
        loop.setDeadline(moment, for: self)
    }

    override func deadlinePassed() {
        loop.remove(self)
        ring()
    }
}
