import BookendCore

extension LoadProgress {
    /// False for the rest of a second at the end of a run, whose rates would mislead.
    public var isWorthALine: Bool { span >= .milliseconds(500) }

    /// One line for a glance, without a line feed: `12s  500/s sent  500/s answered  0 errors  p50 1.20ms ...`.
    public var line: String {
        let seconds = max(span.inSeconds, 0.001)
        var parts = [
            Figures.padded("\(Figures.fixed(elapsed.inSeconds, 0))s", to: 5),
            "\(Figures.fixed(Double(sent) / seconds, 0))/s sent",
            "\(Figures.fixed(Double(answered) / seconds, 0))/s answered",
            "\(Figures.grouped(errors)) errors",
        ]
        if latency.count > 0 {
            parts.append("p50 \(Figures.latency(latency.quantile(0.5)))")
            parts.append("p99 \(Figures.latency(latency.quantile(0.99)))")
            parts.append("max \(Figures.latency(latency.max))")
        }
        parts.append("\(outstanding) outstanding")
        if late > 0 { parts.append("\(Figures.grouped(late)) sent late") }
        return parts.joined(separator: "  ")
    }
}
