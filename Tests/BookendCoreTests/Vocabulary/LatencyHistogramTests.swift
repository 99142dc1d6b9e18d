import BookendCore
import Testing

@Suite("Latency histogram")
struct LatencyHistogramTests {
    private func histogram(precisionBits: Int, of nanoseconds: [Int64]) -> LatencyHistogram {
        var histogram = LatencyHistogram(precisionBits: precisionBits)
        for value in nanoseconds { histogram.record(TimeSpan(nanoseconds: value)) }
        return histogram
    }

    /// Spread evenly over the orders of magnitude from 1 µs to about an hour.
    private func randomLatencies(_ count: Int, seed: UInt64) -> [Int64] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in
            let magnitude = UInt64.random(in: 10..<42, using: &random)
            return Int64.random(in: 1_000..<Int64(1) << Int64(magnitude), using: &random)
        }
    }

    @Test("is off by at most one part in 2^(precisionBits + 1) at every quantile", arguments: 1...9)
    func errorBound(precisionBits: Int) {
        let values = randomLatencies(4_000, seed: UInt64(precisionBits))
        let sorted = values.sorted()
        let histogram = histogram(precisionBits: precisionBits, of: values)
        let bound = 1 / Double(1 << (precisionBits + 1))
        for step in 0...1_000 {
            let rank = max(1, (step * values.count + 999) / 1_000)
            let exact = Double(sorted[rank - 1])
            let answer = Double(histogram.quantile(Double(step) / 1_000).nanoseconds)
            #expect(abs(answer - exact) <= bound * exact, "at quantile \(step)/1000")
        }
    }

    @Test("holds its bound at every edge between buckets, where it would break first", arguments: 1...9)
    func errorAtEdges(precisionBits: Int) {
        let bound = 1 / Double(1 << (precisionBits + 1))
        for exponent in 9..<42 {
            for part in 0..<(1 << precisionBits) {
                let edge = Int64(1) << Int64(exponent)
                let start = edge + (edge * Int64(part)) >> Int64(precisionBits)
                for value in [start - 1, start, start + 1] where value >= 512 {
                    let crowd = [512, value, LatencyHistogram.largest.nanoseconds]
                    guard part % 37 == 0 || precisionBits < 5 else { continue }
                    let answer = histogram(precisionBits: precisionBits, of: crowd).quantile(0.5)
                    #expect(abs(Double(answer.nanoseconds - value)) <= bound * Double(value))
                }
            }
        }
    }

    @Test("finds the nearest rank exactly, whatever the binary form of the share")
    func ranks() {
        for count in [1, 2, 3, 7, 10, 99, 100, 101, 1_000] {
            let values = (1...count).map { Int64($0) * 1_000_000 }
            let histogram = histogram(precisionBits: 9, of: values)
            for percent in 1...99 {
                let exact = values[(percent * count + 99) / 100 - 1]
                let answer = histogram.quantile(Double(percent) / 100).nanoseconds
                #expect(abs(answer - exact) * 1_000 <= exact, "\(percent) % of \(count)")
            }
        }
    }

    @Test("knows count, least, most and mean exactly")
    func exactFigures() {
        let histogram = histogram(precisionBits: 4, of: [3_000_001, 1_000_003, 7_000_002])
        #expect(histogram.count == 3)
        #expect(histogram.min == TimeSpan(nanoseconds: 1_000_003))
        #expect(histogram.max == TimeSpan(nanoseconds: 7_000_002))
        #expect(histogram.mean == TimeSpan(nanoseconds: 3_666_668))
        #expect(histogram.quantile(0) == histogram.min)
        #expect(histogram.quantile(1) == histogram.max)
    }

    @Test("answers a lone recording exactly at every quantile", arguments: [0, 1, 511, 1_234_567, 3_600_000_000_000])
    func lone(nanoseconds: Int64) {
        let histogram = histogram(precisionBits: 4, of: [nanoseconds])
        for q in [0, 0.01, 0.5, 0.99, 1] { #expect(histogram.quantile(q).nanoseconds == nanoseconds) }
    }

    @Test("answers zero while it is empty, and after a reset")
    func empty() {
        var histogram = histogram(precisionBits: 6, of: [5_000_000])
        histogram.reset()
        #expect(histogram == LatencyHistogram(precisionBits: 6))
        #expect(histogram.count == 0)
        #expect(histogram.min == .zero && histogram.max == .zero && histogram.mean == .zero)
        #expect(histogram.quantile(0.5) == .zero)
    }

    @Test("saturates at both ends", arguments: 1...9)
    func saturates(precisionBits: Int) {
        let low = histogram(precisionBits: precisionBits, of: [.min, -1, 0])
        #expect(low.count == 3 && low.max == .zero && low.quantile(0.5) == .zero)
        let end = LatencyHistogram.largest
        let high = histogram(precisionBits: precisionBits, of: [.max, end.nanoseconds + 1, end.nanoseconds])
        #expect(high.count == 3 && high.min == end && high.max == end)
        #expect(high.quantile(0.5) == end && high.mean == end)
        #expect(end > .seconds(3_600))
    }

    @Test("takes any share of recordings without a trap")
    func oddShares() {
        let histogram = histogram(precisionBits: 6, of: [1_000_000, 2_000_000])
        for q in [-Double.infinity, -1, -0.0, .nan] { #expect(histogram.quantile(q) == histogram.min) }
        for q in [1.000001, 1e300, Double.infinity] { #expect(histogram.quantile(q) == histogram.max) }
        #expect(abs(histogram.quantile(.leastNonzeroMagnitude).nanoseconds - 1_000_000) < 10_000)
        #expect(abs(histogram.quantile(1.0.nextDown).nanoseconds - 2_000_000) < 20_000)
    }

    @Test("is the same merged as recorded in one")
    func merging() {
        let values = randomLatencies(2_000, seed: 20)
        let whole = histogram(precisionBits: 6, of: values)
        var merged = histogram(precisionBits: 6, of: Array(values[..<700]))
        merged.merge(histogram(precisionBits: 6, of: Array(values[700...])))
        merged.merge(LatencyHistogram(precisionBits: 6))
        #expect(merged == whole)
    }

    @Test("gives a window as the difference of two states")
    func windows() {
        let old = randomLatencies(2_000, seed: 21)
        let new = randomLatencies(1_000, seed: 22)
        var histogram = histogram(precisionBits: 6, of: old)
        let earlier = histogram
        for value in new { histogram.record(TimeSpan(nanoseconds: value)) }
        histogram.subtract(earlier)

        let expected = self.histogram(precisionBits: 6, of: new)
        #expect(histogram.count == expected.count)
        #expect(histogram.mean == expected.mean)
        for step in 0...20 {
            let answer = Double(histogram.quantile(Double(step) / 20).nanoseconds)
            let exact = Double(expected.quantile(Double(step) / 20).nanoseconds)
            #expect(abs(answer - exact) <= exact / 128)
        }
    }

    @Test("gives an empty window when nothing was recorded, and a whole one when nothing was before")
    func emptyWindows() {
        let before = histogram(precisionBits: 6, of: [1_000_000, 9_000_000])
        var window = before
        window.subtract(before)
        #expect(window == LatencyHistogram(precisionBits: 6))
        window = before
        window.subtract(LatencyHistogram(precisionBits: 6))
        #expect(window == before)
    }
}

@Suite("A histogram's counts below bounds")
struct LatencyHistogramBoundsTests {
    @Test("They grow, count all that is surely below, and miss no more than one bucket holds")
    func bounds() {
        var histogram = LatencyHistogram(precisionBits: 4)
        for milliseconds in 1...1_000 { histogram.record(.milliseconds(Int64(milliseconds))) }
        let bounds: [TimeSpan] = [.zero, .milliseconds(10), .milliseconds(100), .milliseconds(500), .seconds(100_000)]
        let counts = histogram.counts(below: bounds)
        #expect(counts.first == 0 && counts.last == 1_000 && counts == counts.sorted())
        for (bound, count) in zip(bounds, counts).dropFirst().dropLast() {
            let below = Double(bound.inMilliseconds) - 1
            #expect(Double(count) <= below && Double(count) >= below * 15 / 16 - 1, "\(bound): \(count)")
        }
        #expect(abs(histogram.sumInSeconds - 500.5) < 1e-9)
    }
}
