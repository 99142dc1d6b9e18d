/// Reads `access-log: off` and `access-log: { path, format }`.
struct AccessLogReader {
    let findings: Findings

    func read(_ top: Fields) -> AccessLog {
        guard let node = top.value("access-log") else { return Defaults.accessLog }
        if case .text(let text) = node.content {
            if text != "off" {
                findings.error(
                    at: node, "`access-log` does not know `\(text)`", suggestion: suggestion(text),
                    advice: "Either `off`, or where to and how: `access-log: { path: \"-\", format: json }`.")
            }
            return .off
        }
        guard let fields = Fields(node, .accessLog, findings) else { return .off }
        let format = fields.read("format", or: LogFormat(Defaults.accessLogFormat)) { $0.word(LogFormat.self) }
        let path = fields.read("path", or: nil) { $0.path() }
        switch format {
        case .off: return .off
        case .json, .combined:
            guard let path else {
                if fields.lacks("path") {
                    findings.error(
                        at: node, "the access log needs a `path`", advice: "A file, or `\"-\"` for standard output.")
                }
                return .off
            }
            return .on(path == "-" ? .standardOutput : .file(path: path), format == .json ? .json : .combined)
        }
    }

    private func suggestion(_ text: String) -> String? {
        if ["none", "no", "false", "disabled"].contains(text.lowercased()) { return Suggestion.didYouMean("off") }
        return text == "-" || text.contains("/") ? Suggestion.didYouMean("{ path: \"\(text)\" }") : nil
    }
}

/// What the file may say after `format:`.
private enum LogFormat: String, CaseIterable {
    case json, combined, off

    init(_ format: AccessLog.Format) {
        self = format == .json ? .json : .combined
    }
}
