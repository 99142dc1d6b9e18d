import ArgumentParser
import BookendLab
import Foundation

/// The body given on the command line.
enum RequestBody {
    /// `@64KiB` is so many bytes; anything else is a file.
    static func read(_ text: String) throws -> [UInt8] {
        if text.hasPrefix("@") {
            guard let size = size(text.dropFirst()), size <= LoadLimits.body else {
                throw ValidationError(
                    "--body \(text) is no size: write @512B, @64KiB or @1MiB, at most \(LoadLimits.body >> 20)MiB.")
            }
            return [UInt8](repeating: UInt8(ascii: "x"), count: size)
        }
        guard let file = FileHandle(forReadingAtPath: text), let data = try file.read(upToCount: LoadLimits.body + 1)
        else { throw ValidationError("--body: '\(text)' cannot be read, or is empty.") }
        guard data.count <= LoadLimits.body else {
            throw ValidationError("--body: '\(text)' is larger than \(LoadLimits.body >> 20)MiB.")
        }
        return [UInt8](data)
    }

    private static func size(_ text: Substring) -> Int? {
        let units = ["": 1, "B": 1, "KiB": 1_024, "MiB": 1_048_576]
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), let unit = units[String(text.dropFirst(digits.count))] else { return nil }
        let (size, overflow) = number.multipliedReportingOverflow(by: unit)
        return overflow ? nil : size
    }
}
