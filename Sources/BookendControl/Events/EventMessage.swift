import Foundation

/// Events as a stream carries them (HTML standard, section 9.2.5): JSON of ours has no line break.
enum EventMessage {
    private struct Gap: Encodable {
        let reason: String
    }

    static func bytes(_ event: Event) -> [UInt8] {
        let id = event.id.map { "id: \($0)\n" } ?? ""
        // A damaged file may have any kind.
        let kind = event.kind.rawValue.filter { $0.isASCII && ($0.isLetter || $0 == "_") }
        return Array(id.utf8) + bytes(kind, AdminJSON.encoded(event))
    }

    /// Of the stream itself. Without an id: the last one that counts stays what it was.
    static func bytes(of kind: String, because reason: String) -> [UInt8] {
        bytes(kind, AdminJSON.encoded(Gap(reason: reason)))
    }

    private static func bytes(_ kind: String, _ data: Data) -> [UInt8] {
        Array("event: \(kind)\ndata: ".utf8) + data + Array("\n\n".utf8)
    }
}
