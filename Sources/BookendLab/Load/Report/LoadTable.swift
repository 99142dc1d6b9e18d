import BookendCore

/// A run's result for the terminal.
public struct LoadTable {
    private let result: LoadResult
    private var tally: LoadTally { result.tally }

    public init(_ result: LoadResult) {
        self.result = result
    }

    public var text: String {
        (heading + latencies + answers + header + counts + notes).joined(separator: "\n") + "\n"
    }

    private var heading: [String] {
        let period = "\(Figures.fixed(result.period.inSeconds, 1)) s"
        let how =
            switch result.plan.pace {
            case .open(_, let pattern):
                "open loop, \(pattern.rawValue) arrivals, latency from the intended send"
            case .closed(let concurrency, _):
                "CLOSED loop, \(concurrency) at a time: for capacity; its latencies hide what waiting users see"
            }
        return [
            "\(result.url)\(result.isInterrupted ? ", interrupted" : "")", how,
            "\(Figures.grouped(tally.due)) requests in \(period): \(rate(tally.due)) due, "
                + "\(rate(tally.answeredInTime)) answered, \(rate(tally.goodInTime)) with a status below 400",
        ]
    }

    private func rate(_ count: UInt64) -> String {
        "\(Figures.fixed(result.perSecond(count), 1))/s"
    }
}

// MARK: - Latency

extension LoadTable {
    private static let columns = ["min", "mean", "p50", "p90", "p99", "p99.9", "max"]

    private var latencies: [String] {
        var rows = ["", row("latency", Self.columns)]
        rows.append(row("all answers", tally.latency))
        if tally.bad.count > 0 { rows.append(row("  below 400", tally.good)) }
        rows.append(row("  from actual send", tally.fromSend))
        return rows
    }

    private func row(_ name: String, _ histogram: LatencyHistogram) -> String {
        guard histogram.count > 0 else { return row(name, Self.columns.map { _ in "-" }) }
        let spans =
            [histogram.min, histogram.mean]
            + [0.5, 0.9, 0.99, 0.999].map { histogram.quantile($0) } + [histogram.max]
        return row(name, spans.map { Figures.latency($0) })
    }

    private func row(_ name: String, _ values: [String]) -> String {
        name + String(repeating: " ", count: 20 - name.count)
            + values.map { Figures.padded($0, to: 9) }.joined()
    }
}

// MARK: - Counts

extension LoadTable {
    private var answers: [String] {
        var rows = [""]
        for (status, count) in tally.statuses { rows.append(row("status \(status)", count)) }
        for kind in FailureKind.allCases where tally.count(kind) > 0 { rows.append(row(kind.label, tally.count(kind))) }
        if tally.notSent > 0 { rows.append(row("not sent: too many outstanding", tally.notSent)) }
        if tally.unfinished > 0 { rows.append(row("cut off by the end of the run", tally.unfinished)) }
        rows.append("errors: \(Figures.grouped(tally.errors)), \(Figures.share(tally.errorShare))\(verdict)")
        return rows
    }

    private var verdict: String {
        guard let limit = result.maxErrorShare else { return "" }
        return result.promiseKept ? ", at most \(Figures.share(limit)) allowed" : ": MORE than \(Figures.share(limit))"
    }

    private var header: [String] {
        guard let header = tally.header else { return [] }
        let whole = header.values.reduce(header.others + header.missing) { $0 + $1.count }
        var rows = ["", "\(header.name):"]
        for value in header.values.sorted(by: { $0.text < $1.text }) {
            rows.append(row("  " + value.text, value.count, of: whole))
        }
        if header.others > 0 { rows.append(row("  further values", header.others, of: whole)) }
        if header.missing > 0 { rows.append(row("  without it", header.missing, of: whole)) }
        return rows
    }

    private var counts: [String] {
        [
            "",
            "connections \(Figures.grouped(tally.connections)), sent \(Figures.bytes(tally.bytesSent)), "
                + "received \(Figures.bytes(tally.bytesReceived)), of it bodies \(Figures.bytes(tally.bodyBytes))",
        ]
    }

    private func row(_ name: String, _ count: UInt64) -> String { row(name, count, of: tally.due) }

    private func row(_ name: String, _ count: UInt64, of whole: UInt64) -> String {
        name + String(repeating: " ", count: max(1, 40 - name.count))
            + Figures.padded(Figures.grouped(count), to: 12) + Figures.padded(Figures.share(count, of: whole), to: 9)
    }
}

// MARK: - What to know before believing the figures

extension LoadTable {
    private var notes: [String] {
        var notes: [String] = []
        if tally.late > 0 {
            notes.append(
                "the generator was late by more than \(result.plan.lateAfter) for \(Figures.grouped(tally.late)) sends "
                    + "(\(Figures.share(tally.late, of: tally.due))), by \(Figures.latency(tally.delay.max)) at most")
        }
        if !result.keptUp {
            notes.append("SO THE GENERATOR DID NOT KEEP UP: latencies include its own delay; give it a core of its own")
        }
        if tally.queued > 0, case .open = result.plan.pace {
            notes.append(
                "\(Figures.grouped(tally.queued)) requests waited because all \(result.plan.connections) connections "
                    + "were in use (--connections)")
        }
        if tally.notSent > 0 {
            notes.append(
                "requests were not sent while \(Figures.grouped(UInt64(result.plan.outstanding))) were outstanding "
                    + "(--max-outstanding); they count as errors")
        }
        if tally.surplus > 0 {
            notes.append("bytes that nobody had asked for came on \(Figures.grouped(tally.surplus)) connections")
        }
        return notes.isEmpty ? [] : [""] + notes
    }
}
