import BookendCore

extension ByteCount {
    /// `512B`, `64KiB`, `256MiB`, `1GiB` (IEC 80000-13): a whole number and a unit, nothing between or around them.
    ///
    /// `KB` is refused with a suggestion: to some it is 1,000 and to others 1,024.
    static func parse(_ text: String) -> Result<ByteCount, UnitProblem> {
        units.parse(text).map { ByteCount(bytes: $0) }
    }

    private static var units: Units {
        Units(
            accepted: [("B", 1), ("KiB", 1_024), ("MiB", 1_048_576), ("GiB", 1_073_741_824)],
            spellings: [
                "b": "B", "byte": "B", "bytes": "B", "k": "KiB", "kb": "KiB", "kib": "KiB", "ki": "KiB", "m": "MiB",
                "mb": "MiB", "mib": "MiB", "mi": "MiB", "g": "GiB", "gb": "GiB", "gib": "GiB", "gi": "GiB",
            ],
            written: { ByteCount(bytes: $0).description },
            likely: "MiB")
    }
}
