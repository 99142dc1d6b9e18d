import BookendConfig
import BookendLoop

/// Makes couriers, and bounds how many there are: one that was replaced lives until its last try is over, for a minute at most.
struct Couriers {
    /// Why there cannot be another one now.
    struct Shortage: Error, CustomStringConvertible {
        let description: String
    }

    private struct Made {
        weak var courier: AlertCourier?
    }

    private let loop: Loop
    private var living: [Made] = []
    /// Tells their threads apart.
    private var number = 0

    init(on loop: Loop) {
        self.loop = loop
    }

    mutating func make(_ target: PreparedTarget) throws(Errno) -> AlertCourier {
        let courier = try AlertCourier.of(target, number: number, on: loop)
        number += 1
        living.append(Made(courier: courier))
        return courier
    }

    /// While others may live on.
    mutating func make(anew target: PreparedTarget) throws(Shortage) -> AlertCourier {
        living.removeAll { $0.courier == nil }
        guard living.count < AlertLimits.couriers else {
            throw Shortage(
                description: "targets of alerts that are gone still have tries under way; reload again in a minute")
        }
        do throws(Errno) {
            return try make(target)
        } catch {
            throw Shortage(description: "no thread can be started for the target \(target.target.name): \(error)")
        }
    }
}
