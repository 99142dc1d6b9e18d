import BookendCore

/// Reads `recycle` of a server: `agent`, a command in one line, or `{ command, agent, timeout, drain, ready, memory }`.
struct RecycleReader {
    let findings: Findings

    /// Nil when it has no clean-up hook, or after an error.
    func read(_ server: Fields) -> Recycling? {
        guard let node = server.value("recycle") else { return nil }
        if case .text(let text) = node.content {
            guard let hook = text == "agent" ? .agent : command("recycle", node) else { return nil }
            return Recycling(
                hook: hook, timeout: Defaults.hookTimeout, drain: Defaults.recycleDrain, ready: Defaults.recycleReady,
                memoryPercent: Defaults.recycleMemory)
        }
        guard let fields = Fields(node, .recycling, findings) else { return nil }
        let hook = self.hook(fields, node)
        let timeout = fields.read("timeout", or: Defaults.hookTimeout) { $0.timeSpan(in: Bounds.recycleStep) }
        let drain = fields.read("drain", or: Defaults.recycleDrain) { $0.timeSpan(in: Bounds.recycleStep) }
        let ready = fields.read("ready", or: Defaults.recycleReady) { $0.timeSpan(in: Bounds.recycleStep) }
        let memory = fields.read("memory", or: Defaults.recycleMemory) { self.memory($0) }
        return hook.map {
            Recycling(hook: $0, timeout: timeout, drain: drain, ready: ready, memoryPercent: memory)
        }
    }

    private func hook(_ fields: Fields, _ node: SyntaxNode) -> Recycling.Hook? {
        let byAgent = fields.read("agent", or: false) { $0.bool() }
        guard let command = fields.value("command") else {
            if byAgent { return .agent }
            if fields.lacks("command"), fields.lacks("agent") || fields.value("agent") != nil {
                findings.error(
                    at: node, "`recycle` does not say what cleans the server up",
                    advice: "A `command`, or `agent: true` for what its agent was told to run.")
            }
            return nil
        }
        if byAgent {
            findings.error(
                at: command, "`recycle` has a `command` and an agent",
                advice: "One of them cleans up: the command beside Bookend, or the agent beside the server.")
            return nil
        }
        return self.command("command", command)
    }

    private func command(_ key: String, _ node: SyntaxNode) -> Recycling.Hook? {
        CommandReader(findings: findings, lookup: .environment).read(key, node).map { .command($0) }
    }

    /// `85%`, or `off`.
    private func memory(_ scalar: Scalar) -> Int?? {
        if scalar.text == "off" { return .some(nil) }
        guard let percent = scalar.percent() else { return nil }
        if Bounds.recycleMemory.contains(percent) { return .some(percent) }
        findings.error(
            at: scalar.node, "`memory` is out of range: \(scalar.text)",
            advice: "\(Bounds.recycleMemory.lowerBound)% to \(Bounds.recycleMemory.upperBound)%, or `off`.")
        return nil
    }
}
