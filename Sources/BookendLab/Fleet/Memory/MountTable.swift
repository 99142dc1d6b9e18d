/// Where control groups are mounted: the lines of `/proc/self/mountinfo` (proc(5)).
struct MountTable {
    struct Mount: Equatable {
        /// The part of the file system that is mounted: `/`, or a container's own group.
        let root: String
        let folder: String
        let type: String
        /// Options of the file system itself; for version 1 they name the controllers.
        let options: [Substring]
    }

    let mounts: [Mount]

    init(_ text: String) {
        mounts = text.split(separator: "\n").compactMap(Self.mount)
    }

    /// Fields: id, parent, device, root, folder, options, tags..., `-`, type, source, options of the file system.
    private static func mount(_ line: Substring) -> Mount? {
        let fields = line.split(separator: " ", omittingEmptySubsequences: false)
        guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 3 else { return nil }
        return Mount(
            root: unescaped(fields[3]), folder: unescaped(fields[4]), type: String(fields[dash + 1]),
            options: fields[dash + 3].split(separator: ","))
    }

    /// A space is written `\040`, as is every other character that would break a line apart.
    private static func unescaped(_ field: Substring) -> String {
        guard field.contains("\\") else { return String(field) }
        var bytes: [UInt8] = []
        var rest = Array(field.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.count >= 3,
                let value = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
