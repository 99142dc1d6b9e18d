import Glibc

enum Folder {
    /// Makes the folders above `path` that are not there, for their owner only. What prevents that is said when the file
    /// itself is made.
    static func make(above path: String) {
        var end = path.startIndex
        while let slash = path[end...].dropFirst().firstIndex(of: "/") {
            mkdir(String(path[..<slash]), 0o700)
            end = slash
        }
    }
}
