import Foundation
import Testing

@testable import BookendControl

@Suite("docs/operations/README.md")
struct GuideTests {
    @Test(
        "Everything that somebody is woken or told of has its row: what it means, and what to do",
        arguments: AlarmWord.allCases.map(\.rawValue) + AlertRules.Kind.allCases.map(\.rawValue))
    func everyAlarm(_ kind: String) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../../docs/operations/README.md")
        let rows = try String(contentsOf: root, encoding: .utf8).split(separator: "\n").filter {
            $0.hasPrefix("| `\(kind)` |")
        }
        #expect(rows.count == 1, "\(kind) is not described")
        let cells = rows.first?.split(separator: "|") ?? []
        #expect(cells.count == 4 && cells.allSatisfy { $0.count > 4 })
    }
}
