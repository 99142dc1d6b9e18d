import BookendCore

/// Reads one entry of `pools`, or `servers` of the short form.
struct PoolReader {
    let findings: Findings

    /// The name of the pool that the short form makes.
    static let shortName = "default"

    func short(_ top: Fields, _ key: SyntaxNode.Key) -> Pool? {
        guard let servers = ServersReader(findings: findings).read(top, key) else { return nil }
        return Pool(
            name: Self.shortName, balance: Defaults.balance, servers: servers,
            health: HealthReader(findings: findings).read(top),
            retries: retries(nil), timeouts: timeouts(nil), slowStart: Defaults.slowStart,
            exerciseBackups: Defaults.exerciseBackups, admission: admission(nil))
    }

    func long(_ entry: SyntaxNode.Entry) -> Pool? {
        Name.check(entry.key, of: "pool", findings)
        if case .empty = entry.value.content {
            findings.error(
                at: entry.key, "the pool `\(entry.key.text)` has no servers",
                advice: "For example:\n" + Section.pool.example.indented)
            return nil
        }
        guard let fields = Fields(entry.value, .pool, findings) else { return nil }
        let balance = fields.read("balance", or: Defaults.balance) { BalanceReader.read($0) }
        let health = HealthReader(findings: findings).read(fields)
        let slowStart = fields.read("slow-start", or: Defaults.slowStart) { $0.timeSpan(in: Bounds.slowStart) }
        let exercise = fields.read("exercise-backups", or: Defaults.exerciseBackups) {
            $0.text == "off" ? 0 : $0.integer(in: Bounds.exercise)
        }
        let admission = admission(fields.fields("admission", .admission))
        let retries = retries(fields.fields("retries", .retries))
        let timeouts = timeouts(fields.fields("timeouts", .poolTimeouts))
        guard let servers = fields.entry("servers") else {
            guard fields.lacks("servers") else { return nil }
            findings.error(
                at: entry.key, "the pool `\(entry.key.text)` has no `servers`",
                advice: "For example:\n" + "servers:\n  web-01: 127.0.0.1:9001".indented)
            return nil
        }
        guard let servers = ServersReader(findings: findings).read(fields, servers.key) else { return nil }
        return Pool(
            name: entry.key.text, balance: balance, servers: servers, health: health, retries: retries,
            timeouts: timeouts, slowStart: slowStart, exerciseBackups: exercise, admission: admission)
    }

    private func admission(_ fields: Fields?) -> Pool.Admission {
        let limiter = fields?.read("limiter", or: Defaults.limiter) { $0.word(Limiter.self) }
        let queue = fields?.read("queue", or: Defaults.queue) { $0.automatic(or: Bounds.queue) }
        let deadline = fields?.read("deadline", or: Defaults.queueDeadline) { $0.timeSpan(in: Bounds.timeout) }
        let header = fields?.read("priority-header", or: Defaults.priorityHeader) { $0.priorityHeader() }
        return Pool.Admission(
            limiter: limiter ?? Defaults.limiter, queue: queue ?? Defaults.queue,
            deadline: deadline ?? Defaults.queueDeadline, priorityHeader: header ?? Defaults.priorityHeader)
    }

    private func retries(_ fields: Fields?) -> Pool.Retries {
        let methods = fields?.read("methods", or: Defaults.retryMethods) { scalar -> RetryMethods? in
            if scalar.text == "all" {
                findings.error(
                    at: scalar.node, "`methods` does not know `all`", suggestion: Suggestion.didYouMean("idempotent"),
                    advice: "Sending an order twice can place it twice. `idempotent` repeats what is safe to repeat, "
                        + "and whatever never left.")
                return nil
            }
            return scalar.word(RetryMethods.self)
        }
        let tries = fields?.read("tries", or: Defaults.tries) { $0.integer(in: Bounds.tries) }
        let budget = fields?.read("budget", or: Defaults.retryBudget) { $0.percent() }
        return Pool.Retries(
            methods: methods ?? Defaults.retryMethods, tries: tries ?? Defaults.tries,
            budgetPercent: budget ?? Defaults.retryBudget)
    }

    private func timeouts(_ fields: Fields?) -> Pool.Timeouts {
        func span(_ key: String, _ standard: TimeSpan) -> TimeSpan {
            fields?.read(key, or: standard) { $0.timeSpan(in: Bounds.timeout) } ?? standard
        }
        return Pool.Timeouts(
            connect: span("connect", Defaults.connectTimeout), response: span("response", Defaults.responseTimeout),
            idle: span("idle", Defaults.poolIdleTimeout))
    }
}
