/// The head of a message as it came, byte for byte. Reads nothing into it: what a peer makes of a head is not asked.
struct Head {
    let raw: [UInt8]
    let startLine: String
    let fields: [(name: String, value: String)]

    init(_ raw: [UInt8]) {
        self.raw = raw
        let text = String(decoding: raw, as: UTF8.self)
        var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(String.UnicodeScalarView(line.last == "\r" ? line.dropLast() : line))
        }
        startLine = lines.isEmpty ? "" : lines.removeFirst()
        fields = lines.filter { !$0.isEmpty }.map { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? parts[1] : ""
            return (String(parts[0]), String(value.drop { $0 == " " }))
        }
    }

    /// All values of fields of that name, whatever its case.
    func all(_ name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    /// The value of the only field of that name; nil if there is none, or more than one.
    subscript(_ name: String) -> String? {
        let values = all(name)
        return values.count == 1 ? values[0] : nil
    }

    var names: [String] { fields.map(\.name) }
    var text: String { String(decoding: raw, as: UTF8.self) }

    var isChunked: Bool { all("transfer-encoding").contains("chunked") }
    var length: Int? { self["content-length"].flatMap { Int($0) } }
}
