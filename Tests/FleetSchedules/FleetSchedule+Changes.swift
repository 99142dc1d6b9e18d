import BookendCore

/// Operators who change the configuration while the fleet runs.
extension FleetSchedule {
    mutating func reload() {
        let index = Int.random(in: servers.indices, using: &random)
        // Either a reload that changes nothing here, or one in which a server has another address: it is another server,
        // under a number that was free.
        let isAnother = Bool.random(using: &random)
        if isAnother {
            servers[index].replace(at: now)
            leases[index] = nil
            // Whatever is done to the one before is nothing to this one.
            hooks.removeAll { $0.server.index == index }
        }
        let unhooked = Int.random(in: 0..<4, using: &random) == 0 ? ServerID(index: index) : nil
        let known = servers.indices.map { fleet.health(of: ServerID(index: $0)).state }
        let actions = fleet.change(
            to: rules(without: unhooked), joining: isAnother ? [ServerID(index: index)] : [],
            signs: servers.map(\.signs), at: now)
        standings = fleet.standings
        checkChange(isAnother ? index : nil, known)
        perform(actions)
    }

    /// The file, in which a server may have lost its clean-up hook; the next reload gives it back.
    private func rules(without hook: ServerID?) -> FleetRules {
        FleetRules(
            pools: rules.pools,
            servers: rules.servers.enumerated().map { index, server in
                FleetRules.Server(
                    weight: server.weight, isBackup: server.isBackup, cap: server.cap,
                    recycle: index == hook?.index ? nil : server.recycle)
            })
    }

    /// Whoever stays is what it was; whoever comes is unproven, and nothing is left of the one before.
    private mutating func checkChange(_ fresh: Int?, _ known: [ServerHealth.State]) {
        for index in servers.indices where index != fresh {
            if fleet.health(of: ServerID(index: index)).state != known[index] { problem = "\(index) is judged anew" }
        }
        guard let fresh else { return }
        let id = ServerID(index: fresh)
        if fleet.health(of: id).state != .starting { problem = "\(fresh) is new, and \(fleet.health(of: id).state)" }
        if fleet.lease(of: id) != nil || fleet.lastLease(of: id) != nil { problem = "\(fresh) is new, and has a lease" }
        if fleet.recycle(of: id) != nil { problem = "\(fresh) is new, and recycled" }
        for index in servers.indices {
            let figures = fleet.lease(of: ServerID(index: index))?.figures
            if figures?.rest.contains(where: { $0.server == id }) == true {
                problem = "\(index) was let go for \(fresh)"
            }
        }
    }
}
