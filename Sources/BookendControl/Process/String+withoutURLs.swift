extension String {
    /// Without what URLs have behind `://`: with chats it is the password, and what went wrong is read by many.
    var withoutURLs: String {
        let parts = split(separator: "://", omittingEmptySubsequences: false)
        let rest = parts.dropFirst().map { "…" + $0.drop { !Self.ends.contains($0) } }
        return ([String(parts[0])] + rest).joined(separator: "://")
    }

    private static let ends: Set<Character> = [" ", "\n", "\"", "'", "`", ",", "]", "}"]
}
