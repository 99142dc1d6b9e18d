/// What a server says of its own load in the field `endpoint-load-metrics` of a response: Open Request Cost Aggregation,
/// ORCA (`xds.data.orca.v3.OrcaLoadReport`), in the forms of text and JSON that Envoy and gRPC servers write:
///
///     TEXT cpu_utilization=0.3, mem_utilization=0.8
///     JSON {"cpu_utilization": 0.3, "mem_utilization": 0.8, "named_metrics": {"queue": 4}}
public struct LoadMetrics: Equatable, Sendable {
    /// The part of its memory that is used, 0 to 1.
    public private(set) var memory: Double?
    /// Of the processors that it may use; above 1 when more is wanted than there is.
    public private(set) var cpu: Double?
    /// Of whatever limits the application.
    public private(set) var application: Double?

    /// A field of that length is no report of load.
    private static let largest: UInt32 = 4_096
    private static let most = 1e6

    /// Metrics that are not known are passed over. Nil when a part of it cannot be read, and for the binary form: what is
    /// half understood is not to be acted on.
    ///
    /// - Parameter value: a field's, in `bytes`.
    public init?(_ value: Slice, in bytes: Span<UInt8>) {
        guard value.count <= Self.largest else { return nil }
        var start = Int(value.start)
        if value.count > 5, bytes[start &+ 4].isWhitespace {
            let form = Slice(start, start &+ 4)
            if bytes.equals(form, ignoringCase: "json") || bytes.equals(form, ignoringCase: "text") { start &+= 5 }
        }
        let rest = bytes.trimmed(start, value.end)
        guard !rest.isEmpty else { return nil }
        let isRead = bytes[Int(rest.start)] == UInt8(ascii: "{") ? readJSON(rest, bytes) : readText(rest, bytes)
        guard isRead else { return nil }
    }

    private mutating func readText(_ text: Slice, _ bytes: Span<UInt8>) -> Bool {
        var elements = ListElements(text)
        while let element = elements.next(in: bytes) {
            var colon = Int(element.start)
            while colon < element.end, bytes[colon] != UInt8(ascii: "="), bytes[colon] != UInt8(ascii: ":") {
                colon &+= 1
            }
            guard colon < element.end else { return false }
            let number = bytes.trimmed(colon &+ 1, element.end)
            var position = Int(number.start)
            guard let value = DecimalNumber.read(bytes, from: &position, to: number.end), position == number.end,
                take(bytes.trimmed(Int(element.start), colon), value, bytes)
            else { return false }
        }
        return true
    }

    private mutating func readJSON(_ text: Slice, _ bytes: Span<UInt8>) -> Bool {
        var object = JSONMembers(text)
        while let member = object.next(in: bytes) {
            if let number = member.number, !take(member.name, number, bytes) { return false }
        }
        return object.isWhole
    }

    /// False for a value that its metric cannot have. JSON written by Protocol Buffers has the names in camel case.
    private mutating func take(_ name: Slice, _ value: Double, _ bytes: Span<UInt8>) -> Bool {
        if bytes.equals(name, ignoringCase: "mem_utilization") || bytes.equals(name, ignoringCase: "memutilization") {
            memory = value
            return value >= 0 && value <= 1
        }
        if bytes.equals(name, ignoringCase: "cpu_utilization") || bytes.equals(name, ignoringCase: "cpuutilization") {
            cpu = value
            return value >= 0 && value <= Self.most
        }
        if bytes.equals(name, ignoringCase: "application_utilization")
            || bytes.equals(name, ignoringCase: "applicationutilization")
        {
            application = value
            return value >= 0 && value <= Self.most
        }
        return !name.isEmpty
    }
}
