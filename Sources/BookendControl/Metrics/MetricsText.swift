/// Prometheus' text format, version 0.0.4. Written on the control loop, byte by byte: the figures of five hundred servers
/// are twenty thousand lines, and verdicts wait meanwhile.
struct MetricsText {
    enum Kind: String {
        case counter, gauge, histogram
    }

    private(set) var bytes: [UInt8] = []
    private var name: [UInt8] = []

    /// Begins a metric; the samples that follow are its own.
    mutating func metric(_ name: String, _ kind: Kind, _ help: String) {
        self.name = Array("bookend_\(name)".utf8)
        bytes += "# HELP bookend_\(name) \(help)\n# TYPE bookend_\(name) \(kind.rawValue)\n".utf8
    }

    mutating func sample(_ labels: MetricLabels, _ value: some BinaryInteger) {
        line("", labels, "\(value)")
    }

    mutating func sample(_ labels: MetricLabels, _ value: Double) {
        line("", labels, Self.number(value))
    }

    /// One part of a histogram: `_bucket` or `_count`.
    mutating func part(_ part: String, _ labels: MetricLabels, _ value: UInt64) {
        line(part, labels, "\(value)")
    }

    /// The `_sum` of a histogram.
    mutating func sum(_ labels: MetricLabels, _ value: Double) {
        line("_sum", labels, Self.number(value))
    }

    private mutating func line(_ suffix: String, _ labels: MetricLabels, _ value: String) {
        bytes += name
        bytes += suffix.utf8
        if !labels.bytes.isEmpty {
            bytes.append(UInt8(ascii: "{"))
            bytes += labels.bytes
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: " "))
        bytes += value.utf8
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Whole numbers without a fraction, as people write them.
    static func number(_ value: Double) -> String {
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }
}
