import BookendCore

extension AgentAnswer {
    /// What a number may be: beyond, it is no weight and no number of requests.
    private static let most = 1_000_000

    /// Reads a line: words between spaces, tabs or commas, in any order; after `#` comes what is for people. As in
    /// HAProxy, letters in any case, and of two words of one kind the last one counts.
    ///
    /// - Returns: nil when a word is none that an agent may say: what is half understood is not to be acted on.
    init?(line: some StringProtocol) {
        self.init()
        let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" || $0 == "," }
        guard !words.isEmpty else { return nil }
        for word in words {
            guard take(word.lowercased()) else { return nil }
        }
    }

    private mutating func take(_ word: String) -> Bool {
        switch word {
        case "up": operation = .up
        case "down": operation = .down
        case "fail", "failed": operation = .fail
        case "stopped": operation = .stopped
        case "ready": administration = .ready
        case "drain": administration = .drain
        case "maint": administration = .maint
        case _ where word.hasSuffix("%"):
            guard let number = Self.number(word.dropLast()) else { return false }
            percent = number
        case _ where word.hasPrefix("maxconn:"):
            guard let number = Self.number(word.dropFirst("maxconn:".count)) else { return false }
            cap = number
        default: return false
        }
        return true
    }

    private static func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int(text), number <= most
        else { return nil }
        return number
    }
}
