import Foundation

/// The units of systemd in `packaging/`.
enum PackagedUnit {
    static func bookend() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        return try String(contentsOf: root.appending(path: "packaging/systemd/bookend.service"), encoding: .utf8)
    }
}
