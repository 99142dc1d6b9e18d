extension [AlertTarget] {
    /// For each target the one of `old` that it goes on from, by its place there; nil for a new one. It is known by its name and its
    /// place, then by its place alone, as unnamed ones are counted, then by its name alone, as a receiver may move.
    public func kept(from old: [AlertTarget]) -> [Int?] {
        var left = Array<Int>(old.indices)
        var sources = [Int?](repeating: nil, count: count)
        func match(_ isSame: (AlertTarget, AlertTarget) -> Bool) {
            for index in indices where sources[index] == nil {
                guard let found = left.firstIndex(where: { isSame(old[$0], self[index]) }) else { continue }
                sources[index] = left.remove(at: found)
            }
        }
        match { $0.name == $1.name && $0.way.isSamePlace(as: $1.way) }
        match { $0.way.isSamePlace(as: $1.way) }
        match { $0.name == $1.name }
        return sources
    }

    /// What is another than in `old`, one line for each target. URLs are not shown: with chats they are the password.
    func changes(from old: [AlertTarget]) -> [String] {
        let sources = kept(from: old)
        var lines: [String] = []
        for (target, source) in zip(self, sources) {
            guard let source else {
                lines.append("alerts: \(target.name): added (\(target.way))")
                continue
            }
            let changes = target.changes(from: old[source])
            if !changes.isEmpty { lines.append("alerts: \(target.name): \(changes.joined(separator: ", "))") }
        }
        for (index, target) in old.enumerated() where !sources.contains(index) {
            lines.append("alerts: \(target.name): removed (\(target.way))")
        }
        return lines
    }
}

extension AlertTarget {
    fileprivate func changes(from old: AlertTarget) -> [String] {
        var parts: [String] = []
        if name != old.name { parts.append("was called \(old.name)") }
        if !way.isSamePlace(as: old.way) {
            let (before, after) = ("\(old.way)", "\(way)")
            parts.append(before == after ? "another path on \(after)" : "\(before) → \(after)")
        }
        if way.secretFile != old.way.secretFile { parts.append("secret-file changed") }
        if severity != old.severity { parts.append("severity: \(old.severity.rawValue) → \(severity.rawValue)") }
        if format != old.format { parts.append("format: \(old.format.rawValue) → \(format.rawValue)") }
        if timeout != old.timeout { parts.append("timeout changed") }
        return parts
    }
}

extension AlertTarget.Way {
    /// What it is signed with; nil when it is not.
    public var secretFile: Admin.TokenFile? {
        if case .webhook(let webhook) = self { webhook.secretFile } else { nil }
    }

    /// The same receiver, whatever it is signed with.
    fileprivate func isSamePlace(as other: Self) -> Bool {
        switch (self, other) {
        case (.webhook(let one), .webhook(let two)): (one.server, one.target) == (two.server, two.target)
        case (.exec(let one), .exec(let two)): one == two
        case (.syslog(let one), .syslog(let two)): one == two
        default: false
        }
    }
}
