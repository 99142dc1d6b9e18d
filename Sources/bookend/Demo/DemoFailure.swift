/// Why the demo cannot run, and how to mend it.
struct DemoFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// With what a program said last, which mostly tells why.
    init(_ description: String, said lines: [String]) {
        let words = lines.isEmpty ? "it said nothing" : "it said:\n  " + lines.joined(separator: "\n  ")
        self.init("\(description); \(words)")
    }
}
