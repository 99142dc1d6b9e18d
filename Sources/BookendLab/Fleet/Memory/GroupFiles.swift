public import BookendLoop
import Glibc

/// The files and folders by which the kernel's control groups are used. A class, so that tests can put a folder that
/// behaves like the kernel's in its place.
open class GroupFiles {
    /// A line of a control file is short; the mount table of a busy container host is not.
    private static let most = 1 << 20

    /// What comes before every path: nothing, or a test's folder.
    public let root: String

    public init(root: String = "") {
        self.root = root
    }

    /// Nil when it is not there or not readable.
    public func read(_ path: String) -> String? {
        let file = open(root + path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        let owned = FileDescriptor(owning: file)
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 8_192)
        while text.count < Self.most {
            let count = Glibc.read(owned.raw, &chunk, chunk.count)
            guard count > 0 else { break }
            text += chunk[0..<count]
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Writes to a file that is there already: a control file is never created.
    open func write(_ text: String, to path: String) -> Errno? {
        let file = open(root + path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return .last }
        let owned = FileDescriptor(owning: file)
        return owned.writeAll(Array(text.utf8)) ? nil : .last
    }

    open func makeFolder(_ path: String) -> Errno? {
        mkdir(root + path, 0o755) == 0 ? nil : .last
    }

    /// A group's folder goes while its control files are in it, and only without processes and groups below.
    open func removeFolder(_ path: String) -> Errno? {
        rmdir(root + path) == 0 ? nil : .last
    }

    public func exists(_ path: String) -> Bool {
        access(root + path, F_OK) == 0
    }

    public func mayWrite(_ path: String) -> Bool {
        access(root + path, W_OK) == 0
    }

    /// Names of the folders in a folder, sorted.
    public func folders(in path: String) -> [String] {
        guard let folder = opendir(root + path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            guard entry.pointee.d_type == UInt8(DT_DIR) else { continue }
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
