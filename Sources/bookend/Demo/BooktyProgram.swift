import Foundation

/// Where the program of Bookty is.
enum BooktyProgram {
    /// - Parameter given: by `--bookty`; otherwise it is looked for where `make bookty` builds it, and beside `bookend`.
    static func find(_ given: String?) throws(DemoFailure) -> String {
        let places = given.map { [$0] } ?? usualPlaces
        for place in places where isProgram(place) { return URL(filePath: place).path }
        let other = given == nil ? ", or name it with --bookty PATH" : ""
        throw DemoFailure(
            "there is no program at \(places.joined(separator: " or ")): build it with `make bookty`\(other)")
    }

    private static var usualPlaces: [String] {
        let beside = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "bookty").path
        return ["Bookty/.build/release/bookty"] + (beside.map { [$0] } ?? [])
    }

    private static func isProgram(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
            && FileManager.default.isExecutableFile(atPath: path)
    }
}
