import BookendConfig
import Testing

@Suite("Golden files")
struct GoldenTests {
    @Test("A good file gives exactly these values and warnings", arguments: GoldenFile.all(in: "good"))
    func good(_ file: GoldenFile) throws {
        let (configuration, diagnostics) = try file.parse()
        #expect(configuration != nil, "\(diagnostics.rendered(color: false))")
        try file.expect(configuration?.effectiveYAML() ?? "", is: "effective")
        try file.expect(diagnostics.rendered(color: false), is: "warnings")
    }

    @Test("What --effective prints reads back to the same configuration", arguments: GoldenFile.all(in: "good"))
    func roundTrip(_ file: GoldenFile) throws {
        let configuration = try #require(try file.parse().configuration)
        let printed = configuration.effectiveYAML()
        // Nothing is taken from environment or user again: what is printed stands for itself.
        let (again, diagnostics) = Configuration.parse(text: printed, file: "again", environment: [:], isRoot: false)
        #expect(again == configuration, "\(diagnostics.rendered(color: false))\n\(printed)")
        #expect(again?.effectiveYAML() == printed)
    }

    @Test("A bad file gives exactly these errors", arguments: GoldenFile.all(in: "bad"))
    func bad(_ file: GoldenFile) throws {
        let (configuration, diagnostics) = try file.parse()
        #expect(configuration == nil)
        #expect(diagnostics.contains { $0.severity == .error })
        try file.expect(diagnostics.rendered(color: false), is: "errors")
    }
}
