import Foundation

/// An entry's figures as the file has them: a JSON object, and the same figures give the same text.
enum JournalDetail {
    static func text(_ detail: [String: JSONValue]) -> String? {
        guard !detail.isEmpty else { return nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(detail)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// None when the file is damaged.
    static func detail(_ text: String?) -> [String: JSONValue] {
        text.flatMap { try? JSONDecoder().decode([String: JSONValue].self, from: Data($0.utf8)) } ?? [:]
    }
}
