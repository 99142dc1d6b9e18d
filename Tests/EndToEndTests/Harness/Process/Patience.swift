import Glibc

/// Seconds on a clock that nobody sets.
func secondsNow() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}

/// Waits until `holds`, looking every few milliseconds, and gives up with the name of what never came. No test waits
/// "long enough": a slow machine only makes it wait longer.
func eventually(_ what: String, within seconds: Double = 10, _ holds: () throws -> Bool) throws {
    let limit = secondsNow() + seconds
    while try !holds() {
        guard secondsNow() < limit else { throw Failure("\(what): not within \(seconds) s") }
        usleep(2_000)
    }
}
