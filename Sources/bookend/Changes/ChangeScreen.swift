import BookendControl

/// Changes of the configuration as text: what was done, and what happens next.
enum ChangeScreen {
    static func reloaded(_ report: ChangeReport) -> String {
        var lines = report.changed.isEmpty ? ["nothing has changed"] : ["in force:"]
        lines += report.changed.map { "  " + $0 }
        lines += report.forgotten
        if !report.differs.isEmpty {
            lines.append("changed while Bookend ran, and still in force beside the file:")
            lines += report.differs.map { "  " + $0 }
        }
        return lines.joined(separator: "\n")
    }

    static func changed(_ report: ChangeReport) -> String {
        var lines = report.changed.isEmpty ? ["nothing has changed"] : report.changed
        lines += report.forgotten
        if !report.differs.isEmpty {
            lines.append("It is kept over reloads and restarts. The file does not say:")
            lines += report.differs.map { "  " + $0 }
        }
        return lines.joined(separator: "\n")
    }

    static func added(_ server: String, _ report: ChangeReport) -> String {
        changed(report) + "\nIt is probed, and then gets its share step by step: bookend status"
    }

    static func removed(_ report: RemovalReport) -> String {
        guard !report.removed else {
            return "\(report.server) is gone from pool \(report.pool). Take it out of the file too, if it is there."
        }
        let flight = report.lease.map { "\(ScreenText.count($0.inFlight, "request")) in flight there" }
        return """
            \(report.server) gets nothing new\(flight.map { "; \($0)" } ?? ""). It goes when nothing is.
              not after all:  bookend restore \(report.server)
            Take it out of the file too, if it is there.
            """
    }

    static func notRemoved(_ server: String, _ figures: GuardReport) -> String {
        LeaseScreen.refused(server, figures, force: "bookend remove \(server) --why TEXT --force")
    }
}
