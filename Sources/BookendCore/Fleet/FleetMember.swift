/// One server as the fleet knows it.
struct FleetMember: Sendable {
    let weight: Int
    let isBackup: Bool
    var health: ServerHealth
    var pace = Pace()
    /// At the last look.
    var seen = Signs()

    init(_ server: FleetRules.Server, _ rules: HealthRules, known: ServerHealth.State?, at now: Moment) {
        weight = server.weight
        isBackup = server.isBackup
        health = ServerHealth(rules, known: known, at: now)
    }

    var isEligible: Bool { health.state == .healthy || health.state == .returning }

    /// The part of its weight that it can be counted on for.
    func strength(at now: Moment) -> Double {
        let part: Double =
            switch health.state {
            case .healthy: Double(pace.share) / Double(Pace.wholeShare)
            case .returning: health.slowStartShare(at: now)
            case .suspect: now - health.since < FleetLimits.missing ? 1 : 0
            // Nothing is known yet, so nothing is missing yet.
            case .starting: 1
            case .dead: 0
            }
        return part * Double(weight)
    }

    func standing(isSpare: Bool, cap: Int32) -> Standing {
        let tier: Standing.Tier =
            switch health.state {
            case .healthy, .returning: isSpare ? .spare : .serving
            case .suspect: .suspect
            case .starting, .dead: .out
            }
        return Standing(tier: tier, cap: cap, share: UInt16(pace.share), isGone: health.isGone)
    }
}
