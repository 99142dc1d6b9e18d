import BookendConfig
import Foundation
import Testing

/// Files in `Golden/`, each with what it must give beside it:
/// - `good/NAME.yaml` with `NAME.effective` and, if there are any, `NAME.warnings`;
/// - `bad/NAME.yaml` with `NAME.errors`.
///
/// After a wanted change write them anew, then read the difference as a tired person would:
///
///     BOOKEND_WRITE_GOLDEN=1 swift test --filter BookendConfigTests
struct GoldenFile: CustomTestStringConvertible, Sendable {
    let folder: String
    let name: String

    var testDescription: String { "\(folder)/\(name)" }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
    static let isWriting = ProcessInfo.processInfo.environment["BOOKEND_WRITE_GOLDEN"] != nil
    /// What `${NAME}` finds in every golden file.
    static let environment = ["WEB_01": "127.0.0.1:9001", "HOST": "bookty.example", "EMPTY": ""]

    static func all(in folder: String) -> [GoldenFile] {
        let files = try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path())
        return (files ?? []).filter { $0.hasSuffix(".yaml") }.sorted()
            .map { GoldenFile(folder: folder, name: String($0.dropLast(5))) }
    }

    func url(_ suffix: String) -> URL {
        Self.root.appending(path: folder).appending(path: "\(name).\(suffix)")
    }

    func text() throws -> String {
        try String(contentsOf: url("yaml"), encoding: .utf8)
    }

    func parse() throws -> Configuration.Outcome {
        Configuration.parse(text: try text(), file: "\(name).yaml", environment: Self.environment, isRoot: true)
    }

    /// Compares with the file beside, or writes it. No file means empty.
    func expect(_ actual: String, is suffix: String) throws {
        let url = url(suffix)
        if Self.isWriting {
            try? FileManager.default.removeItem(at: url)
            if !actual.isEmpty { try actual.write(to: url, atomically: true, encoding: .utf8) }
        }
        let expected = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
        #expect(actual == expected)
    }
}
