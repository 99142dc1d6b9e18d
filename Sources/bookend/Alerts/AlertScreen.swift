import BookendControl

/// The targets of alerts as lines of text.
enum AlertScreen {
    /// What became of a test.
    static func tested(_ targets: [AlertTargetReport], _ id: String) -> String {
        let rows = targets.map { target -> [String] in
            guard let test = target.test, test.id == id else { return [target.name, "nothing yet", target.way] }
            let took = ScreenText.span(test.milliseconds / 1_000)
            return [target.name, test.taken ? "taken" : "NOT TAKEN", target.way, "after \(took)", test.answer]
        }
        return ScreenText.aligned(rows.map { $0 + [String](repeating: "", count: 5 - $0.count) }, left: 5, indent: "")
            .joined(separator: "\n")
    }

    /// The targets that fail or have something waiting, for the status.
    static func trouble(_ targets: [AlertTargetReport]) -> [String] {
        targets.compactMap { target in
            let waiting = target.waiting == 0 ? "" : "; \(ScreenText.count(target.waiting, "alert")) wait"
            let omitted = target.omitted == 0 ? "" : "; \(target.omitted) were left out"
            guard let trouble = target.trouble else {
                return waiting.isEmpty && omitted.isEmpty ? nil : "alerts to \(target.name)\(waiting)\(omitted)"
            }
            return "ALERTS TO \(target.name) (\(target.way)) have not been taken for"
                + " \(ScreenText.span(target.troubleSeconds ?? 0)): \(trouble)\(waiting)\(omitted)"
        }
    }
}
