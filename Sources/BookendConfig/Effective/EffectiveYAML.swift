import BookendCore

extension Configuration {
    /// A figure that follows from the configuration, computed by whoever knows how, to be printed as a comment.
    public struct DerivedFigure: Sendable, Equatable {
        public let name: String
        public let value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Every value in force, as a file in the long form that reads back to the same configuration. A comment marks what
    /// is as it would be without being written.
    ///
    /// - Parameter figures: printed at the end, each as a comment.
    /// - Parameter isForAnyone: without what may be a password: the paths of webhooks and the arguments of programs. It
    ///   reads back to something else then.
    public func effectiveYAML(figures: [DerivedFigure] = [], isForAnyone: Bool = false) -> String {
        var writer = YAMLWriter(isForAnyone: isForAnyone)
        writer.value("memory", "\(memory)", isDefault: memory == Defaults.memory)
        switch workers {
        case .auto: writer.value("workers", "auto", isDefault: workers == Defaults.workers)
        case .fixed(let count): writer.value("workers", "\(count)", isDefault: false)
        }
        writeFolders(&writer)
        writeAccessLog(&writer)
        writeAlerts(&writer)
        writer.line("listeners:")
        writer.indented { writer in listeners.forEach { write($0, &writer) } }
        writer.line("pools:")
        writer.indented { writer in pools.forEach { write($0, &writer) } }
        if !figures.isEmpty { writer.line("") }
        for figure in figures { writer.line("# \(figure.name): \(figure.value)") }
        return writer.text
    }

    /// Two defaults depend on who runs Bookend, which the configuration does not know: the comment says which one it
    /// is.
    private func writeFolders(_ writer: inout YAMLWriter) {
        func mark(_ value: String, _ standard: (Bool) -> String) -> String? {
            if value == standard(true) { return "default for root" }
            return value == standard(false) ? "default for other users" : nil
        }
        writer.value("state", quoting: state, comment: mark(state) { Defaults.state(isRoot: $0) })
        writer.line("admin:")
        writer.indented { writer in
            let comment = mark(admin.socket) { Defaults.adminSocket(isRoot: $0, state: state) }
            writer.value("socket", quoting: admin.socket, comment: comment)
            guard let network = admin.network else { return }
            writer.value("bind", quoting: "\(network.bind)")
            if let file = network.tokenFile { writer.value("token-file", quoting: file.path) }
        }
    }

    private func writeAccessLog(_ writer: inout YAMLWriter) {
        guard case .on(let destination, let format) = accessLog else {
            writer.value("access-log", "off", isDefault: accessLog == Defaults.accessLog)
            return
        }
        writer.line("access-log:")
        writer.indented { writer in
            switch destination {
            case .standardOutput: writer.value("path", quoting: "-", comment: "standard output")
            case .file(let path): writer.value("path", quoting: path)
            }
            writer.value("format", format.rawValue, isDefault: format == Defaults.accessLogFormat)
        }
    }

    private func writeAlerts(_ writer: inout YAMLWriter) {
        guard !alerts.isEmpty else { return writer.value("alerts", "[]", isDefault: true) }
        writer.line("alerts:")
        writer.indented { writer in
            for target in alerts {
                switch target.way {
                case .webhook(let webhook):
                    writer.value("- webhook", quoting: writer.isForAnyone ? "http://\(webhook.server)" : webhook.url)
                case .exec(let command): writer.line("- exec: \(writer.command(command))")
                case .syslog(.socket(let path)): writer.value("- syslog", quoting: path)
                case .syslog(.network(let server)): writer.value("- syslog", quoting: "\(server)")
                }
                writer.indented { write(target, &$0) }
            }
        }
    }

    private func write(_ target: AlertTarget, _ writer: inout YAMLWriter) {
        writer.value("name", quoting: target.name)
        if case .syslog = target.way {
        } else {
            writer.value("format", target.format.rawValue, isDefault: target.format == Defaults.alertFormat)
        }
        if case .webhook(let webhook) = target.way, let file = webhook.secretFile {
            writer.value("secret-file", quoting: file.path)
        }
        writer.value("severity", target.severity.rawValue, isDefault: target.severity == Defaults.alertSeverity)
        writer.value("timeout", "\(target.timeout)", isDefault: target.timeout == Defaults.alertTimeout)
    }

    private func write(_ listener: Listener, _ writer: inout YAMLWriter) {
        writer.value("- bind", quoting: "\(listener.bind)")
        writer.indented { writer in
            let proxies = listener.trustedProxies.map { YAMLWriter.quoted("\($0)") }.joined(separator: ", ")
            writer.value(
                "trusted-proxies", "[\(proxies)]", isDefault: listener.trustedProxies == Defaults.trustedProxies)
            writer.line("timeouts:")
            writer.indented { writer in
                let timeouts = listener.timeouts
                writer.value("head", "\(timeouts.head)", isDefault: timeouts.head == Defaults.headTimeout)
                writer.value("idle", "\(timeouts.idle)", isDefault: timeouts.idle == Defaults.listenerIdleTimeout)
                writer.value("body", "\(timeouts.body)", isDefault: timeouts.body == Defaults.bodyTimeout)
            }
            writer.line("limits:")
            writer.indented { writer in
                let limits = listener.limits
                writer.value("head", "\(limits.head)", isDefault: limits.head == Defaults.headLimit)
                writer.value("fields", "\(limits.fields)", isDefault: limits.fields == Defaults.fieldsLimit)
                writer.value("body", "\(limits.body)", isDefault: limits.body == Defaults.bodyLimit)
                writer.value(
                    "connections-per-client", "\(limits.connectionsPerClient)",
                    isDefault: limits.connectionsPerClient == Defaults.connectionsPerClient)
            }
            writer.line("routes:")
            writer.indented { writer in listener.routes.forEach { write($0, &writer) } }
        }
    }

    private func write(_ route: Route, _ writer: inout YAMLWriter) {
        var fields: [String] = []
        if let host = route.host { fields.append("host: \(YAMLWriter.quoted("\(host)"))") }
        if let path = route.path { fields.append("path: \(YAMLWriter.quoted("\(path)"))") }
        fields.append("pool: \(YAMLWriter.quoted(pool(route.pool).name))")
        if route.priority != Defaults.priority { fields.append("priority: \(route.priority.name)") }
        writer.line("- { \(fields.joined(separator: ", ")) }")
    }

    private func write(_ pool: Pool, _ writer: inout YAMLWriter) {
        writer.line("\(YAMLWriter.quoted(pool.name)):")
        writer.indented { writer in
            writer.value("balance", pool.balance.rawValue, isDefault: pool.balance == Defaults.balance)
            writer.line("servers:")
            writer.indented { writer in
                for server in pool.servers {
                    let backup = server.isBackup ? ", backup: true" : ""
                    let cap = server.maxInFlight.map { ", max-in-flight: \($0)" } ?? ""
                    let agent =
                        server.agent.map {
                            ", agent-check: \(YAMLWriter.quoted("\($0.address)")), agent-every: \($0.every)"
                        } ?? ""
                    let address = YAMLWriter.quoted("\(server.address)")
                    writer.line(
                        "\(YAMLWriter.quoted(server.name)): "
                            + "{ address: \(address), weight: \(server.weight)\(backup)\(cap)\(agent)\(recycle(server, writer)) }"
                    )
                }
            }
            write(pool.health, &writer)
            writer.value("slow-start", "\(pool.slowStart)", isDefault: pool.slowStart == Defaults.slowStart)
            writer.value(
                "exercise-backups", pool.exerciseBackups == 0 ? "off" : "\(pool.exerciseBackups)",
                isDefault: pool.exerciseBackups == Defaults.exerciseBackups)
            writer.line("admission:")
            writer.indented { writer in
                let admission = pool.admission
                writer.value(
                    "limiter", admission.limiter.rawValue, isDefault: admission.limiter == Defaults.limiter)
                writer.value(
                    "queue", admission.queue.map { "\($0)" } ?? "auto", isDefault: admission.queue == Defaults.queue)
                writer.value(
                    "deadline", "\(admission.deadline)", isDefault: admission.deadline == Defaults.queueDeadline)
                if let header = admission.priorityHeader { writer.value("priority-header", quoting: header) }
            }
            writer.line("retries:")
            writer.indented { writer in
                let retries = pool.retries
                writer.value(
                    "budget", "\(retries.budgetPercent)%", isDefault: retries.budgetPercent == Defaults.retryBudget)
                writer.value("methods", retries.methods.rawValue, isDefault: retries.methods == Defaults.retryMethods)
                writer.value("tries", "\(retries.tries)", isDefault: retries.tries == Defaults.tries)
            }
            writer.line("timeouts:")
            writer.indented { writer in
                let timeouts = pool.timeouts
                writer.value("connect", "\(timeouts.connect)", isDefault: timeouts.connect == Defaults.connectTimeout)
                writer.value(
                    "response", "\(timeouts.response)", isDefault: timeouts.response == Defaults.responseTimeout)
                writer.value("idle", "\(timeouts.idle)", isDefault: timeouts.idle == Defaults.poolIdleTimeout)
            }
        }
    }

    private func recycle(_ server: Server, _ writer: YAMLWriter) -> String {
        guard let recycling = server.recycling else { return "" }
        let hook =
            switch recycling.hook {
            case .command(let words): "command: \(writer.command(words))"
            case .agent: "agent: true"
            }
        let memory = recycling.memoryPercent.map { "\($0)%" } ?? "off"
        return ", recycle: { \(hook), timeout: \(recycling.timeout), drain: \(recycling.drain), "
            + "ready: \(recycling.ready), memory: \(memory) }"
    }

    private func write(_ health: Pool.Health?, _ writer: inout YAMLWriter) {
        guard let health else { return writer.value("health", "off", isDefault: false) }
        writer.line("health:")
        writer.indented { writer in
            if let path = health.path {
                writer.value("path", quoting: path)
                writer.value(
                    "expect", "\(health.expect.lowerBound)-\(health.expect.upperBound)",
                    isDefault: health.expect == Defaults.probeExpect)
            }
            writer.value("every", "\(health.every)", isDefault: health.every == Defaults.probeEvery)
            writer.value("timeout", "\(health.timeout)", isDefault: health.timeout == Defaults.probeTimeout)
            if let header = health.expectHeader { writer.value("expect-header", quoting: header) }
            if let body = health.expectBody { writer.value("expect-body", quoting: body) }
        }
    }
}
