import BookendCore

/// Warns when a configuration that works has the shape of the outage that Bookend was made for: one server took every
/// request, and there was nothing to take over.
struct OutageShape {
    let configuration: Configuration
    let findings: Findings

    /// A server with more than this share of the weights is the "master" of the reports.
    private static let largestShare = 0.8

    /// - Parameters:
    ///   - keys: where each pool was written.
    ///   - whole: where to say that something is missing altogether.
    func warn(pools keys: [SyntaxNode.Key], whole: Place) {
        warnAboutAlerts(whole)
        for (index, (pool, key)) in zip(configuration.pools, keys).enumerated() {
            warnAboutSpares(pool, key)
            warnAboutShares(pool, key)
            warnAboutHealth(pool, key)
            let users = configuration.listeners.filter { $0.routes.contains { $0.pool.index == index } }
            if let header = pool.admission.priorityHeader, !users.isEmpty, users.allSatisfy(\.trustedProxies.isEmpty) {
                findings.warning(
                    at: key, "nobody is believed in `\(header)`: no listener of this pool has `trusted-proxies`",
                    advice: "Name the proxies that set it, or say `priority` in a route.")
            }
            if users.isEmpty {
                findings.warning(
                    at: key, "no route leads to the pool `\(pool.name)`: its servers get no request",
                    advice: "Name it in a listener, or remove it.")
            }
        }
    }

    /// Flags cannot name a target: who tries Bookend out is not asked for one.
    private func warnAboutAlerts(_ whole: Place) {
        guard configuration.alerts.isEmpty, case .file = whole else { return }
        findings.warning(
            at: whole, "nobody is told when something goes wrong: there is no target for alerts",
            advice: "In the outage a person noticed by chance. Name somebody:\n" + Section.alert.example.indented)
    }

    private func warnAboutSpares(_ pool: Pool, _ key: SyntaxNode.Key) {
        if pool.servers.count == 1 {
            findings.warning(
                at: key, "there is one server only: when `\(pool.servers[0].name)` fails, everything fails",
                advice: "Add a second one, or a backup:\n"
                    + "backup-01: { address: 127.0.0.1:9003, backup: true }".indented)
        } else if !pool.servers.contains(where: \.isBackup) {
            findings.warning(
                at: key, "there is no backup server",
                advice: "When one server is out, the others carry its share. If they cannot, add a backup:\n"
                    + "backup-01: { address: 127.0.0.1:9003, backup: true }".indented)
        }
    }

    private func warnAboutHealth(_ pool: Pool, _ key: SyntaxNode.Key) {
        guard pool.health?.path == nil else { return }
        let seen =
            pool.health == nil
            ? "nobody asks the servers how they are" : "a server that takes connections passes for healthy"
        findings.warning(
            at: key, "no health path: \(seen)",
            advice:
                "In the outage the servers took connections and answered 500. Name a path that fails when they do:\n"
                + "health: { path: /healthz }".indented)
    }

    private func warnAboutShares(_ pool: Pool, _ key: SyntaxNode.Key) {
        guard pool.servers.count > 1 else { return }
        let primaries = pool.servers.filter { !$0.isBackup }
        if primaries.count == 1 {
            findings.warning(
                at: key, "`\(primaries[0].name)` takes every request, the backups wait",
                advice: "Load on one server is how the outage began. Remove `backup: true` from one that can share it.")
            return
        }
        if pool.balance == .first {
            findings.warning(
                at: key, "`balance: first` sends every request to `\(primaries[0].name)` until it is full",
                advice: "Load on one server is how the outage began. `round-robin` spreads it.")
            return
        }
        let total = primaries.reduce(0) { $0 + $1.weight }
        for server in primaries where Double(server.weight) > Self.largestShare * Double(total) {
            let percent = server.weight * 100 / total
            findings.warning(
                at: key, "`\(server.name)` has nearly all of the weight: \(server.weight) of \(total), \(percent)%",
                advice:
                    "When it fails, the others get many times their usual load."
            )
        }
    }
}
