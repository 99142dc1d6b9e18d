import BookendControl
import Foundation

/// The journal on the terminal, one line for an entry, or as one JSON array.
final class TimelinePrinter {
    private let isJSON: Bool
    private var count = 0

    init(isJSON: Bool) {
        self.isJSON = isJSON
    }

    func entry(_ entry: Event) {
        count += 1
        guard isJSON else { return print("\(entry.time.inMilliseconds)  \(entry.text)") }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(entry) else { return }
        print(count == 1 ? "[" : ",", String(decoding: data, as: UTF8.self), separator: "", terminator: "")
    }

    func end() {
        if isJSON { return print(count == 0 ? "[]" : "]") }
        if count == 0 { say("nothing happened in that time") }
    }
}
