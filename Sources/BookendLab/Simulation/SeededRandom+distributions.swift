import BookendCore
import Foundation

extension SeededRandom {
    /// Over 0 and below 1.
    mutating func unit() -> Double { (Double(next() >> 11) + 0.5) * 0x1p-53 }

    mutating func exponential(mean: Double) -> Double { -mean * log(unit()) }
}
