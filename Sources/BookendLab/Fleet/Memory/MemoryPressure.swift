/// Pressure stall information of memory (Documentation/accounting/psi.rst of the kernel).
enum MemoryPressure {
    /// Of `some avg10=1.25 avg60=0.40 avg300=0.08 total=123456`, in percent, the first number as a part of 1. Nil without
    /// such a line.
    static func some(_ text: String?) -> Double? {
        for line in (text ?? "").split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 1, words[0] == "some", words[1].hasPrefix("avg10="),
                let percent = Double(words[1].dropFirst("avg10=".count)), (0...100).contains(percent)
            else { continue }
            return percent / 100
        }
        return nil
    }
}
