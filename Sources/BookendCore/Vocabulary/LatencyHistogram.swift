/// Counts of latencies in buckets whose width grows with the value, so that every quantile has the same *relative*
/// error (the idea is HdrHistogram's). Fixed in size: recording takes constant time and never allocates.
///
/// Layout: values are nanoseconds. Each power of two from 2^9 (512 ns) to 2^42 (73 minutes) is cut into
/// 2^`precisionBits` buckets of equal width, and one bucket before them holds all below 512 ns. A quantile answers with
/// the middle of its bucket, so it is off by at most 1 / 2^(`precisionBits` + 1) of the true value:
///
/// | `precisionBits` | relative error | memory | for |
/// |---|---|---|---|
/// | 4 | 3.1 % | 4.2 KB | one per server and worker |
/// | 6 | 0.8 % | 17 KB | one per pool, reports |
/// | 9 | 0.1 % | 135 KB | the load generator |
///
/// Negative values count as zero, values past the end as the end (`largest`). Counts are 64 bits wide: at 1,000 a
/// second in one bucket 32 bits would be full after 50 days. An empty histogram answers zero to everything: look at
/// `count`.
public struct LatencyHistogram: Equatable, Sendable {
    /// 1...9.
    public let precisionBits: Int
    /// Recordings held.
    public private(set) var count: UInt64
    private var buckets: [UInt64]
    /// Nanoseconds. 128 bits cannot overflow: at most 2^64 recordings of less than 2^42 each.
    private var sum: UInt128
    /// Nanoseconds; `UInt64.max` while empty.
    private var least: UInt64
    /// Nanoseconds; zero while empty.
    private var most: UInt64

    /// The longest span that can be told from a longer one: 2^42 - 1 ns, 73 minutes.
    public static let largest = TimeSpan(nanoseconds: (1 << 42) - 1)

    /// 2^9 ns is the last power of two below 1 µs: nothing that crosses a socket is faster.
    private static let firstExponent = 9
    /// 2^42 ns is the first power of two above one hour.
    private static let endExponent = 42

    public init(precisionBits: Int) {
        precondition(precisionBits >= 1 && precisionBits <= Self.firstExponent)
        self.precisionBits = precisionBits
        let octaves = Self.endExponent - Self.firstExponent
        buckets = [UInt64](repeating: 0, count: 1 + (octaves << precisionBits))
        count = 0
        sum = 0
        least = .max
        most = 0
    }

    public mutating func record(_ span: TimeSpan) {
        let value = UInt64(Swift.min(Swift.max(span.nanoseconds, 0), Self.largest.nanoseconds))
        buckets[bucket(of: value)] &+= 1
        count &+= 1
        sum &+= UInt128(value)
        least = Swift.min(least, value)
        most = Swift.max(most, value)
    }

    /// Forgets all recordings and keeps the memory.
    public mutating func reset() {
        for bucket in buckets.indices { buckets[bucket] = 0 }
        count = 0
        sum = 0
        least = .max
        most = 0
    }
}

// MARK: Windows and totals

extension LatencyHistogram {
    /// Adds all that `other` holds, as if it had been recorded here. Both must have the same `precisionBits`.
    public mutating func merge(_ other: LatencyHistogram) {
        precondition(other.precisionBits == precisionBits)
        for bucket in buckets.indices { buckets[bucket] &+= other.buckets[bucket] }
        count &+= other.count
        sum &+= other.sum
        least = Swift.min(least, other.least)
        most = Swift.max(most, other.most)
    }

    /// Takes away `earlier`, an earlier state of this same histogram: what is left was recorded since.
    ///
    /// `min` and `max` of what is left are then only as exact as a quantile is: nobody kept them for the window.
    public mutating func subtract(_ earlier: LatencyHistogram) {
        precondition(earlier.precisionBits == precisionBits)
        guard earlier.count > 0 else { return }
        var first: Int?
        var last = 0
        count = 0
        for bucket in buckets.indices {
            assert(buckets[bucket] >= earlier.buckets[bucket], "not an earlier state of this histogram")
            buckets[bucket] -= Swift.min(buckets[bucket], earlier.buckets[bucket])
            guard buckets[bucket] > 0 else { continue }
            count &+= buckets[bucket]
            first = first ?? bucket
            last = bucket
        }
        guard let first else { return reset() }
        sum -= Swift.min(sum, earlier.sum)
        (least, most) = (representative(of: first), representative(of: last))
    }
}

// MARK: Answers

extension LatencyHistogram {
    /// The value that a share `q` (0...1, else clamped) of the recordings do not exceed: by nearest rank, the
    /// ⌈q · count⌉-th smallest. 0 and 1 give `min` and `max`. Takes time in proportion to the number of buckets.
    public func quantile(_ q: Double) -> TimeSpan {
        guard count > 0, q > 0 else { return min }
        guard q < 1 else { return max }
        // The product is a hair too large for shares such as 0.07 that have no exact binary form: 0.07 · 100 > 7.
        let exactRank = q * Double(count) * (1 - 0x1p-51)
        var rank = UInt64(exactRank)
        if Double(rank) < exactRank { rank += 1 }  // not `rounded(.up)`: that links libm
        var seen: UInt64 = 0
        for bucket in buckets.indices {
            seen &+= buckets[bucket]
            if seen >= rank { return TimeSpan(nanoseconds: Int64(representative(of: bucket))) }
        }
        return max
    }

    /// The shortest span recorded, exact unless `subtract` was used.
    public var min: TimeSpan { TimeSpan(nanoseconds: count == 0 ? 0 : Int64(least)) }

    /// The longest span recorded (at most `largest`), exact unless `subtract` was used.
    public var max: TimeSpan { TimeSpan(nanoseconds: Int64(most)) }

    /// How many are surely below each of `bounds`, which ascend: those that share a bucket with a bound are not counted
    /// below it. One walk over the buckets.
    public func counts(below bounds: [TimeSpan]) -> [UInt64] {
        var seen: UInt64 = 0
        var next = 0
        return bounds.map { bound in
            let value = UInt64(Swift.min(Swift.max(bound.nanoseconds, 0), Self.largest.nanoseconds))
            let end = bucket(of: value)
            while next < end {
                seen &+= buckets[next]
                next += 1
            }
            return seen
        }
    }

    /// Of all recordings; exact but for what a `Double` cannot hold.
    public var sumInSeconds: Double { Double(sum) / 1e9 }

    /// Exact, not made from buckets; rounded down to the nanosecond.
    public var mean: TimeSpan { TimeSpan(nanoseconds: count == 0 ? 0 : Int64(sum / UInt128(count))) }
}

// MARK: Layout

extension LatencyHistogram {
    /// `value` is below 2^42.
    private func bucket(of value: UInt64) -> Int {
        guard value >= 1 << Self.firstExponent else { return 0 }
        let exponent = 63 - value.leadingZeroBitCount
        let octave = exponent - Self.firstExponent
        // The leading 1 and `precisionBits` after it: 2^precisionBits ..< 2^(precisionBits + 1).
        let leading = Int(truncatingIfNeeded: value >> UInt64(exponent - precisionBits))
        return 1 + (octave << precisionBits) + leading - (1 << precisionBits)
    }

    /// The middle of a bucket, but never outside what was recorded.
    private func representative(of bucket: Int) -> UInt64 {
        let middle: UInt64
        if bucket == 0 {
            middle = 1 << UInt64(Self.firstExponent - 1)
        } else {
            let octave = (bucket - 1) >> precisionBits
            let leading = UInt64((bucket - 1) & ((1 << precisionBits) - 1)) + (1 << UInt64(precisionBits))
            let shift = UInt64(octave + Self.firstExponent - precisionBits)
            let width: UInt64 = 1 << shift
            middle = (leading << shift) + (width - 1) / 2
        }
        return Swift.min(Swift.max(middle, least), most)
    }
}
