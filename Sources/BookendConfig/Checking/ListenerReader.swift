import BookendCore

/// Reads one item of `listeners`, or `listen` of the short form.
struct ListenerReader {
    let findings: Findings
    let pools: PoolNames
    let whole: Place

    /// `listen: ADDRESS`: everything goes to the only pool, the rest is default.
    func short(_ top: Fields, _ entry: SyntaxNode.Entry) -> Listener? {
        let bind: Endpoint? = top.read("listen", or: nil) { $0.endpoint(for: .bind) }
        return bind.map { bind in
            Listener(
                bind: bind, bindPlace: entry.value.place, trustedProxies: Defaults.trustedProxies,
                timeouts: timeouts(nil), limits: limits(nil),
                routes: [Route(host: nil, path: nil, pool: PoolID(index: 0), priority: Defaults.priority)])
        }
    }

    /// The listener, `nil` after an error, and the place to complain about its address.
    func long(_ node: SyntaxNode) -> (Listener?, SyntaxNode) {
        guard let fields = Fields(node, .listener, findings) else { return (nil, node) }
        let bindNode = fields.value("bind")
        if fields.lacks("bind") {
            findings.error(
                at: node, "this listener has no `bind`", advice: "Say where requests arrive: `bind: 0.0.0.0:8080`.")
        }
        let bind: Endpoint? = fields.read("bind", or: nil) { $0.endpoint(for: .bind) }
        let proxies = trustedProxies(fields)
        let timeouts = timeouts(fields.fields("timeouts", .listenerTimeouts))
        let limits = limits(fields.fields("limits", .limits))
        let routes = RouteReader(findings: findings, pools: pools).routes(of: fields)
        guard let bind, let bindNode else { return (nil, node) }
        let listener = Listener(
            bind: bind, bindPlace: bindNode.place, trustedProxies: proxies, timeouts: timeouts, limits: limits,
            routes: routes)
        return (listener, bindNode)
    }

    private func trustedProxies(_ fields: Fields) -> [AddressBlock] {
        guard let items = fields.items("trusted-proxies", example: "trusted-proxies: [10.0.0.0/8]") else {
            return Defaults.trustedProxies
        }
        return items.compactMap { item in
            let block = Scalar("trusted-proxies", item, findings)?.addressBlock()
            if let block, block.isEverybody {
                findings.warning(
                    at: item, "everybody is trusted: any client can claim any address with `X-Forwarded-For`",
                    advice: "Name only the proxies that stand in front of Bookend.")
            }
            return block
        }
    }

    private func timeouts(_ fields: Fields?) -> Listener.Timeouts {
        func span(_ key: String, _ standard: TimeSpan) -> TimeSpan {
            fields?.read(key, or: standard) { $0.timeSpan(in: Bounds.timeout) } ?? standard
        }
        return Listener.Timeouts(
            head: span("head", Defaults.headTimeout), idle: span("idle", Defaults.listenerIdleTimeout),
            body: span("body", Defaults.bodyTimeout))
    }

    private func limits(_ fields: Fields?) -> Listener.Limits {
        func size(_ key: String, _ standard: ByteCount, _ range: ClosedRange<ByteCount>) -> ByteCount {
            fields?.read(key, or: standard) { $0.byteCount(in: range) } ?? standard
        }
        func count(_ key: String, _ standard: Int, _ range: ClosedRange<Int>) -> Int {
            fields?.read(key, or: standard) { $0.integer(in: range) } ?? standard
        }
        return Listener.Limits(
            head: size("head", Defaults.headLimit, Bounds.headLimit),
            fields: count("fields", Defaults.fieldsLimit, Bounds.fieldsLimit),
            body: size("body", Defaults.bodyLimit, Bounds.bodyLimit),
            connectionsPerClient: count(
                "connections-per-client", Defaults.connectionsPerClient, Bounds.connectionsPerClient))
    }
}
