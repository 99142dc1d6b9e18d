/// One line of the catalogue file.
package struct SeedWork: Equatable, Sendable {
    package let year: Int
    package let isApproximate: Bool
    package let title: String
    package let author: String
    package let language: String
    package let country: String
    package let subjects: [String]
    package let description: String

    /// Reads `year title author language country subjects description`, separated by tabs; subjects by commas. `~`
    /// before a year marks an estimate, minus the time before the common era. Nil when the line has another shape.
    package init?(line: Substring) {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
        guard fields.count == 7 else { return nil }
        isApproximate = fields[0].hasPrefix("~")
        guard let year = Int(fields[0].drop { $0 == "~" }), year != 0 else { return nil }
        self.year = year
        title = String(fields[1])
        author = String(fields[2])
        language = String(fields[3])
        country = String(fields[4])
        subjects = fields[5].split(separator: ",").map(String.init)
        description = String(fields[6])
    }

    /// All works of a file, earliest first; lines that begin with `#` are comments.
    package static func all(in file: String) -> [SeedWork] {
        file.split(separator: "\n")
            .filter { !$0.hasPrefix("#") }
            .compactMap(SeedWork.init(line:))
            .sorted { ($0.year, $0.title) < ($1.year, $1.title) }
    }
}
