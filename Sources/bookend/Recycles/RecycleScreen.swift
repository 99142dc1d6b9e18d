import BookendControl

/// Recycles as text: what was begun, and what happens next.
enum RecycleScreen {
    static func begun(_ recycles: [RecycleReport], _ target: String) -> String {
        var lines = recycles.map { "\($0.server): \(next($0))" }
        for figures in recycles.compactMap(\.guard) { lines += [""] + LeaseScreen.table(figures) }
        lines += ["", "  not any more:  bookend recycle \(target) --cancel"]
        return lines.joined(separator: "\n")
    }

    static func calledOff(_ recycles: [RecycleReport]) -> String {
        if recycles.isEmpty { return "nothing was planned" }
        return recycles.map { recycle in
            recycle.outcome == "called-off" || !recycle.isOver
                ? "\(recycle.server) is not recycled." : "\(recycle.server): the alarm is over."
        }.joined(separator: "\n")
    }

    /// How waiting for it ended; what its hook wrote when that is of use.
    static func ended(_ recycle: RecycleReport) -> String {
        let said = (recycle.output ?? "").split(separator: "\n").map { "  | \($0)" }
        let isWell = recycle.outcome == "done"
        return (["\(recycle.server): \(recycle.text)"] + (isWell ? [] : said)).joined(separator: "\n")
    }

    /// Those of a pool, for the status.
    static func lines(_ recycles: [RecycleReport]) -> [String] {
        recycles.map { recycle in
            let since = "for \(ScreenText.span(recycle.seconds))"
            let what =
                switch recycle.phase {
                case "waiting": "waits to be recycled \(since): \(recycle.text)"
                case "hook": "is recycled: its clean-up hook runs \(since)"
                default: "is recycled: it \(recycle.text), \(since)"
                }
            return "\(recycle.server) \(what) (\(recycle.owner): \(recycle.why))"
        }
    }

    private static func next(_ recycle: RecycleReport) -> String {
        switch recycle.phase {
        case "waiting" where recycle.waitsFor == "turn": "is recycled after the one before it."
        case "waiting": "waits, as \(recycle.text). It begins by itself when that is over."
        default: "drains, then its clean-up hook runs; when it answers its checks it comes back in a slow start."
        }
    }
}
