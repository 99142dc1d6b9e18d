import BookendControl

/// Leases as text: what was done, and what happens next.
enum LeaseScreen {
    static func table(_ leases: [LeaseReport]) -> [String] {
        let heading = ["server", "lease", "left", "until", "by", "checks", "why"]
        let rows = leases.map { lease in
            [
                lease.server, lease.state, lease.ending == nil ? ScreenText.span(lease.leftSeconds) : "over",
                lease.ending == nil ? ScreenText.time(in: lease.leftSeconds) : "-", lease.owner,
                "\(lease.health) for \(ScreenText.span(lease.healthSeconds))", lease.why + notes(lease),
            ]
        }
        return ScreenText.aligned([heading] + rows, left: heading.count)
    }

    private static func notes(_ lease: LeaseReport) -> String {
        let notes =
            (lease.forced ? ["by force"] : []) + (lease.recall ? [] : ["not called back"])
            + (lease.kept ? [] : ["not written"])
        return notes.isEmpty ? "" : " (\(notes.joined(separator: ", ")))"
    }

    static func taken(_ lease: LeaseReport) -> String {
        var lines = [head(lease), "  " + terms(lease)]
        if let figures = lease.guard {
            if !figures.serving { lines.append("  It was not in rotation (\(lease.health)): the others lose nothing.") }
            lines += [""] + table(figures) + [""]
        }
        if lease.state == "asked" { lines.append("If requests wait or are refused for want of it, it stays.") }
        lines.append("At the end it is checked and comes back by itself.")
        lines.append(
            lease.recall
                ? "It is called back before, if requests have to be refused or another server fails."
                : "It is not called back before, whatever happens to the others.")
        if lease.forced { lines.append("It was taken by force: an alarm is open while it is out.") }
        return (lines + notKept(lease) + ways(lease)).joined(separator: "\n")
    }

    /// What a refusal of the guard rests on, and what would help.
    ///
    /// - Parameter command: that does it all the same.
    static func refused(_ server: String, _ figures: GuardReport, force command: String) -> String {
        let helps: String
        if figures.rest.isEmpty {
            helps = "It passes when another server of its pool is in rotation."
        } else if let seconds = figures.passesInSeconds, seconds > 0 {
            helps = "It passes in about \(ScreenText.span(seconds)), if the load stays as it is now."
        } else {
            helps = "It passes when no more than \(ScreenText.requests(figures.holds)) requests are in flight."
        }
        let force = "To take it out all the same:  \(command)"
        return ([""] + table(figures) + ["", helps, force]).joined(separator: "\n")
    }

    static func extended(_ lease: LeaseReport) -> String {
        (["\(lease.server) stays out longer.", "  " + terms(lease)] + notKept(lease) + ways(lease))
            .joined(separator: "\n")
    }

    private static func notKept(_ lease: LeaseReport) -> [String] {
        lease.kept ? [] : ["It cannot be written to the state folder now: after a crash nobody would know of it."]
    }

    static func restored(_ lease: LeaseReport) -> String {
        switch lease.state {
        case "back": "\(lease.server) is back: it had not left yet."
        case "slow-start": "\(lease.server) is back already, in slow start."
        case "overdue":
            "\(lease.server) does not answer its checks and stays out (\(lease.healthWhy)); it is checked on."
        default:
            "\(lease.server) is checked: after two good probes it is back, in a slow start of "
                + "\(ScreenText.span(lease.slowStartSeconds))."
        }
    }

    /// How waiting for it ended.
    static func waited(_ lease: LeaseReport) -> String {
        switch lease.state {
        case "out": "\(lease.server) is out: nothing of ours is on it, \(terms(lease))"
        case "overdue": "\(lease.server) does not answer its checks and stays out: \(lease.healthWhy)"
        default: "\(lease.server) is in rotation" + (lease.ending.map { ": \($0)" } ?? "")
        }
    }

    private static func head(_ lease: LeaseReport) -> String {
        let flight = "\(ScreenText.count(lease.inFlight, "request")) in flight there"
        switch lease.state {
        case "asked":
            return
                "\(lease.server) is drained on trial, as it is not known what the others hold: its requests are taken "
                + "away in steps over \(ScreenText.span(lease.trialSeconds))."
        case "draining": return "\(lease.server) is draining: nothing new goes there; \(flight)."
        default: return "\(lease.server) is \(lease.state)."
        }
    }

    private static func terms(_ lease: LeaseReport) -> String {
        "until \(ScreenText.time(in: lease.leftSeconds)) (\(ScreenText.span(lease.leftSeconds.rounded()))), by "
            + "\(lease.owner): \(lease.why)"
    }

    private static func ways(_ lease: LeaseReport) -> [String] {
        [
            "  sooner:  bookend restore \(lease.server)",
            "  longer:  bookend extend \(lease.server) --for 10m --why TEXT",
        ]
    }

    /// Who carries what.
    static func table(_ figures: GuardReport) -> [String] {
        let together = figures.rest.reduce(0) { $0 + $1.holds }
        var rows = figures.rest.map { [$0.server, ($0.atLeast ? "at least " : "") + "\($0.holds)"] }
        rows += figures.absent.map { [$0.server, "nothing: \($0.reason == "leased" ? "taken out" : $0.reason)"] }
        rows.append(
            ["together", "\(together), of which 85 % are counted: \(ScreenText.requests(figures.holds))"])
        let last = ScreenText.span(figures.knownSeconds)
        rows.append(
            [
                "in flight",
                "\(ScreenText.requests(figures.inFlight)) now; at most \(ScreenText.requests(figures.usual)) in 95 of "
                    + "100 seconds of the last \(last)",
            ])
        return ScreenText.aligned([["the others", "hold"]] + rows, left: 2)
    }
}
