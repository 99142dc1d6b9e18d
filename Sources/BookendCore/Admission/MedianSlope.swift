/// The slope of a line through points, by the median of the slopes of all pairs (Theil, 1950; Sen, 1968): a quarter of the
/// points may be anything at all without moving it far.
struct MedianSlope: Sendable, Equatable {
    let median: Double
    /// The bounds at 95 %, each one-sided, by the order of the slopes (Sen, 1968, section 5).
    let lower: Double
    let upper: Double

    private static let z = 1.645

    /// - Parameter points: x and y; pairs whose x is nearer than `apart` say nothing and are left out.
    /// - Returns: nil when fewer than `fewest` pairs are left.
    init?(_ points: [(x: Double, y: Double)], apart: Double, fewest: Int) {
        var slopes: [Double] = []
        for first in points.indices {
            for second in points.index(after: first)..<points.endIndex {
                let distance = points[second].x - points[first].x
                guard abs(distance) >= apart else { continue }
                slopes.append((points[second].y - points[first].y) / distance)
            }
        }
        guard slopes.count >= max(1, fewest) else { return nil }
        slopes.sort()
        median = slopes[slopes.count / 2]
        let count = Double(points.count)
        let spread = Self.z * (count * (count - 1) * (2 * count + 5) / 18).squareRoot()
        lower = slopes[max(0, Int((Double(slopes.count) - spread) / 2))]
        upper = slopes[min(slopes.count - 1, Int((Double(slopes.count) + spread) / 2))]
    }
}
