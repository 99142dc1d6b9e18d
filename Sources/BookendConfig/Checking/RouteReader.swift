import BookendCore

/// Reads a listener's `routes`, or the `pool` that stands for a single route.
struct RouteReader {
    let findings: Findings
    let pools: PoolNames

    func routes(of listener: Fields) -> [Route] {
        switch (listener.entry("routes"), listener.entry("pool")) {
        case (let routes?, let pool?):
            let later = [routes.key, pool.key].max { $0.place.lineNumber < $1.place.lineNumber } ?? pool.key
            findings.error(
                at: later, "`routes` and `pool` cannot stand together",
                advice: "`pool` alone sends everything there. With `routes`, make the last one `- { pool: NAME }`.")
            return []
        case (nil, nil):
            guard listener.lacks("pool"), listener.lacks("routes") else { return [] }
            let example = pools.all.first ?? "NAME"
            findings.error(
                at: listener.node, "this listener has neither `pool` nor `routes`: its requests have nowhere to go",
                advice: "Add `pool: \(example)`.")
            return []
        case (nil, .some):
            let pool: PoolID? = listener.read("pool", or: nil) { pools.id($0) }
            return pool.map { [Route(host: nil, path: nil, pool: $0, priority: Defaults.priority)] } ?? []
        case (let entry?, nil):
            guard let items = listener.items("routes", example: Section.route.example) else { return [] }
            if items.isEmpty {
                findings.error(
                    at: entry.key, "`routes` holds no route", advice: "For example:\n" + Section.route.example.indented)
            }
            let routes = items.compactMap { item in route(item).map { (route: $0, node: item) } }
            warnAboutUnreachable(routes)
            return routes.map(\.route)
        }
    }

    private func route(_ node: SyntaxNode) -> Route? {
        guard let fields = Fields(node, .route, findings) else { return nil }
        if fields.lacks("pool") {
            findings.error(at: node, "this route has no `pool`", advice: "Say where it leads: `pool: NAME`.")
        }
        let host: HostPattern?? = fields.value("host").map { _ in fields.read("host", or: nil) { $0.hostPattern() } }
        let path: PathPrefix?? = fields.value("path").map { _ in fields.read("path", or: nil) { $0.pathPrefix() } }
        let pool: PoolID? = fields.read("pool", or: nil) { pools.id($0) }
        let priority = fields.read("priority", or: Defaults.priority) { $0.priority() }
        // A pattern that could not be read is not the same as none, which would match everything.
        if case .some(.none) = host { return nil }
        if case .some(.none) = path { return nil }
        return pool.map { Route(host: host ?? nil, path: path ?? nil, pool: $0, priority: priority) }
    }

    private func warnAboutUnreachable(_ routes: [(route: Route, node: SyntaxNode)]) {
        for (index, later) in routes.enumerated() {
            guard let earlier = routes[..<index].first(where: { $0.route.covers(later.route) }) else { continue }
            findings.warning(
                at: later.node, "this route never gets a request",
                advice: "The first match wins, and the route on line \(earlier.node.place.lineNumber) takes all of its "
                    + "requests before. Put this one above it, or remove it.")
        }
    }
}

extension Place {
    /// 0 for what is not in a text.
    var lineNumber: Int {
        if case .text(_, let line, _) = self { line } else { 0 }
    }

    /// 0 for what is not in a text.
    var columnNumber: Int {
        if case .text(_, _, let column) = self { column } else { 0 }
    }
}
