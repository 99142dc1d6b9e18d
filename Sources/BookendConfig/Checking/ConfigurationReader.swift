import BookendCore

/// Second stage: ``SyntaxNode``s to a checked ``Configuration``. Knows load balancing and nothing of YAML.
struct ConfigurationReader {
    let findings: Findings
    let isRoot: Bool
    /// Where to say that something is missing altogether.
    let whole: Place

    /// `nil` when there are errors; then `findings` has them.
    func read(_ root: SyntaxNode) -> Configuration? {
        guard let top = Fields(root, .top, findings) else { return nil }
        let state = top.read("state", or: Defaults.state(isRoot: isRoot)) { $0.path() }
        let memory = top.read("memory", or: Defaults.memory) { $0.byteCount(in: Bounds.memory) }
        let workers = top.read("workers", or: Defaults.workers, workers)
        let (admin, adminBind) = AdminReader(findings: findings, isRoot: isRoot, whole: whole).read(top, state: state)
        let accessLog = AccessLogReader(findings: findings).read(top)
        let alerts = AlertsReader(findings: findings).read(top)
        let (listeners, pools) = fleet(top)
        if let network = admin.network, let adminBind {
            FleetCheck(findings: findings).check(network, at: adminBind, listeners, pools)
        }
        guard !findings.hasErrors else { return nil }
        let configuration = Configuration(
            memory: memory, workers: workers, state: state, admin: admin, accessLog: accessLog, alerts: alerts,
            listeners: listeners, pools: pools)
        OutageShape(configuration: configuration, findings: findings).warn(pools: poolKeys(top), whole: whole)
        return configuration
    }

    private func workers(_ scalar: Scalar) -> Workers? {
        if scalar.text == "auto" { return .auto }
        guard Int(digits: scalar.text) != nil else {
            findings.error(
                at: scalar.node, "`workers` does not know `\(scalar.text)`",
                suggestion: Suggestion.didYouMean(scalar.text, among: ["auto"]),
                advice: "`auto` is one per core; otherwise a number from 1 to \(Bounds.workers.upperBound).")
            return nil
        }
        return scalar.integer(in: Bounds.workers).map { .fixed($0) }
    }

    /// Where each pool was written, in the order of the configuration's.
    private func poolKeys(_ top: Fields) -> [SyntaxNode.Key] {
        if let key = top.entry("servers")?.key { return [key] }
        guard case .mapping(let entries) = top.entry("pools")?.value.content else { return [] }
        return entries.map(\.key)
    }

    /// Listeners and pools, from the long form or the short one.
    private func fleet(_ top: Fields) -> ([Listener], [Pool]) {
        let short = ["listen", "servers"].compactMap { top.entry($0) }
        let long = ["listeners", "pools"].compactMap { top.entry($0) }
        if let key = top.entry("health")?.key, !long.isEmpty {
            findings.error(
                at: key, "`health` at the top belongs to the short form",
                advice: "Beside `pools` each pool has its own:\n"
                    + "pools:\n  bookty:\n    health: { path: /healthz }".indented)
        }
        if let shortKey = short.first?.key, let longKey = long.first?.key {
            findings.error(
                at: shortKey.place.isBefore(longKey.place) ? longKey : shortKey,
                "`\(shortKey.text)` and `\(longKey.text)` cannot stand together",
                advice: "Use `listen` and `servers` for one address and one pool, or `listeners` and `pools` for more.")
        }
        if !long.isEmpty { return longForm(top, isComplete: short.isEmpty) }
        if !short.isEmpty { return shortForm(top) }
        findings.error(
            at: whole, "it says neither where to listen nor which servers to use",
            advice: "The smallest configuration that works:\n" + Section.top.example.indented)
        return ([], [])
    }

    private func shortForm(_ top: Fields) -> ([Listener], [Pool]) {
        var pools: [Pool] = []
        if let entry = top.entry("servers") {
            let pool = PoolReader(findings: findings).short(top, entry.key)
            pools = pool.map { [$0] } ?? []
        } else {
            findings.error(
                at: top.entry("listen")?.key, or: whole, "`servers` is missing",
                advice: "Say who answers the requests:\n" + "servers:\n  web-01: 127.0.0.1:9001".indented)
        }
        guard let entry = top.entry("listen") else {
            findings.error(
                at: top.entry("servers")?.key, or: whole, "`listen` is missing",
                advice: "Say where requests arrive:\n" + "listen: 127.0.0.1:8080".indented)
            return ([], pools)
        }
        let listener = ListenerReader(findings: findings, pools: PoolNames([]), whole: whole).short(top, entry)
        FleetCheck(findings: findings).check([(listener, entry.value)], pools, servers: top)
        return (listener.map { [$0] } ?? [], pools)
    }

    private func longForm(_ top: Fields, isComplete: Bool) -> ([Listener], [Pool]) {
        let reader = PoolReader(findings: findings)
        var names: [String] = []
        var pools: [Pool] = []
        if let entries = top.named("pools", example: Section.pool.example) {
            names = entries.map(\.key.text)
            pools = entries.compactMap { reader.long($0) }
            if entries.isEmpty, let key = top.entry("pools")?.key {
                findings.error(
                    at: key, "`pools` holds no pool", advice: "For example:\n" + Section.pool.example.indented)
            }
        } else if isComplete, top.entry("pools") == nil {
            findings.error(
                at: top.entry("listeners")?.key, or: whole, "`pools` is missing",
                advice: "Say who answers the requests:\n" + Section.pool.example.indented)
        }
        var listeners: [(Listener?, SyntaxNode)] = []
        if let items = top.items("listeners", example: Section.listener.example) {
            let reader = ListenerReader(findings: findings, pools: PoolNames(names), whole: whole)
            listeners = items.map { reader.long($0) }
            if items.isEmpty, let key = top.entry("listeners")?.key {
                findings.error(
                    at: key, "`listeners` holds no listener",
                    advice: "For example:\n" + Section.listener.example.indented)
            }
        } else if isComplete, top.entry("listeners") == nil {
            findings.error(
                at: top.entry("pools")?.key, or: whole, "`listeners` is missing",
                advice: "Say where requests arrive:\n" + Section.listener.example.indented)
        }
        FleetCheck(findings: findings).check(listeners, pools, servers: top)
        return (listeners.compactMap(\.0), pools)
    }
}

extension Place {
    fileprivate func isBefore(_ other: Place) -> Bool {
        guard case .text(_, let line, let column) = self, case .text(_, let otherLine, let otherColumn) = other else {
            return false
        }
        return (line, column) < (otherLine, otherColumn)
    }
}
