import Glibc

/// The `bookend` under test: `BOOKEND_BINARY`, or what `swift build -c release` makes.
enum Binary {
    static func path() throws -> String {
        let path = environment("BOOKEND_BINARY") ?? packageFolder + "/.build/release/bookend"
        guard access(path, X_OK) == 0 else {
            throw Failure(
                "\(path) is missing: build it with `swift build -c release --product bookend`, or name another in"
                    + " BOOKEND_BINARY")
        }
        guard let absolute = realpath(path, nil) else { return path }
        defer { free(absolute) }
        return String(cString: absolute)
    }

    static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// This file is Tests/EndToEndTests/Harness/Peers/Binary.swift.
    static let packageFolder: String = #filePath.split(separator: "/").dropLast(5).map { "/" + $0 }.joined()
}

extension Stage {
    /// Runs a verb as a user without rights in a folder of its own: as this user, or as `nobody` when this one is root,
    /// from a copy in case the build lies where nobody may look.
    func unprivileged() throws -> (prefix: [String], binary: String, folder: String) {
        let here = path("here")
        mkdir(here, 0o777)
        chmod(here, 0o777)
        guard geteuid() == 0 else { return ([], try Binary.path(), here) }
        chmod(folder, 0o755)
        let copy = path("bookend")
        try writeFile(copy, readFile(Binary.path()))
        chmod(copy, 0o755)
        return (["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"], copy, here)
    }
}
