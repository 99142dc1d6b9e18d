import BookendCore

/// Reads `alerts`: a list of targets, each a webhook, a program or a syslog.
struct AlertsReader {
    let findings: Findings

    private static let ways = ["webhook", "exec", "syslog"]

    func read(_ top: Fields) -> [AlertTarget] {
        guard let items = top.items("alerts", example: Section.alert.example) else { return Defaults.alerts }
        if items.count > Bounds.alertTargets {
            findings.error(
                at: items[Bounds.alertTargets], "there are \(items.count) targets; the most is \(Bounds.alertTargets)",
                advice: "Send to a program that spreads it.")
        }
        var names: [String] = []
        return items.prefix(Bounds.alertTargets).compactMap { item in
            guard let fields = Fields(item, .alert, findings) else { return nil }
            return target(fields, &names)
        }
    }

    private func target(_ fields: Fields, _ names: inout [String]) -> AlertTarget? {
        let given = Self.ways.filter { fields.entry($0) != nil }
        guard let word = given.first, given.count == 1 else {
            if given.isEmpty, Self.ways.allSatisfy(fields.lacks) {
                findings.error(
                    at: fields.node, "this target says neither `webhook` nor `exec` nor `syslog`",
                    advice: "For example:\n" + Section.alert.example.indented)
            } else if given.count > 1 {
                findings.error(
                    at: fields.node, "one target is one of `\(given.joined(separator: "`, `"))`",
                    advice: "Write two targets, each with its own `-`.")
            }
            return nil
        }
        let name = name(fields, word, &names)
        let timeout = fields.read("timeout", or: Defaults.alertTimeout) { $0.timeSpan(in: Bounds.alertTimeout) }
        let severity = fields.read("severity", or: Defaults.alertSeverity) { $0.word(AlertTarget.Severity.self) }
        let format = fields.read("format", or: Defaults.alertFormat) { $0.word(AlertTarget.Format.self) }
        if word == "syslog" { refuse("format", fields, "a syslog gets one line of text") }
        if word != "webhook" { refuse("secret-file", fields, "only a webhook is signed") }
        return way(word, fields).map {
            AlertTarget(name: name, way: $0, format: format, severity: severity, timeout: timeout)
        }
    }

    /// As given, or the way's word; with a number where another target has that.
    private func name(_ fields: Fields, _ word: String, _ names: inout [String]) -> String {
        let given: String? = fields.read("name", or: nil) { scalar in
            let key = SyntaxNode.Key(
                text: scalar.text, place: scalar.node.place, writtenLength: scalar.node.writtenLength)
            Name.check(key, of: "target", findings)
            if names.contains(scalar.text) {
                findings.error(
                    at: scalar.node, "another target has the name `\(scalar.text)`",
                    advice: "`bookend alert test NAME` has to know which one is meant.")
            }
            return scalar.text
        }
        var name = given ?? word
        var number = 2
        while given == nil, names.contains(name) {
            name = "\(word)-\(number)"
            number += 1
        }
        names.append(name)
        return name
    }

    private func way(_ word: String, _ fields: Fields) -> AlertTarget.Way? {
        switch word {
        case "webhook":
            let file: Admin.TokenFile? = fields.read("secret-file", or: nil) { scalar in
                scalar.path().map { Admin.TokenFile(path: $0, place: scalar.node.place) }
            }
            let url: WebhookURL? = fields.read("webhook", or: nil) { WebhookURL.read($0) }
            return url.map {
                .webhook(AlertTarget.Webhook(server: $0.server, target: $0.target, secretFile: file))
            }
        case "exec":
            let reader = CommandReader(findings: findings, lookup: .path)
            return fields.value("exec").flatMap { reader.read("exec", $0) }.map { .exec($0) }
        default:
            let place: AlertTarget.Syslog? = fields.read("syslog", or: nil) { syslog($0) }
            return place.map { .syslog($0) }
        }
    }

    private func syslog(_ scalar: Scalar) -> AlertTarget.Syslog? {
        guard scalar.text.hasPrefix("/") else {
            switch Endpoint.parse(scalar.text, port: 514) {
            case .success(let server): return .network(server)
            case .failure(let problem):
                findings.error(
                    at: scalar.node, "`\(scalar.text)` is no syslog: \(problem.reason)",
                    suggestion: problem.meant.map { Suggestion.didYouMean($0) },
                    advice: problem.advice ?? "A socket, such as /dev/log, or a host: `syslog: logs.internal:514`.")
                return nil
            }
        }
        guard scalar.text.utf8.count <= Bounds.socketPath else {
            findings.error(
                at: scalar.node,
                "the socket's path has \(scalar.text.utf8.count) bytes; the system takes \(Bounds.socketPath)",
                advice: "Syslog listens on /dev/log.")
            return nil
        }
        return scalar.path().map { .socket(path: $0) }
    }

    private func refuse(_ key: String, _ fields: Fields, _ why: String) {
        guard let entry = fields.entry(key) else { return }
        findings.error(at: entry.key, "`\(key)` has no meaning here: \(why)", advice: "Remove it.")
    }
}
