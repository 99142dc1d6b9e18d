import BookendConfig
import Foundation
import Testing

@Suite("Files that cannot be read")
struct FileTests {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bookend-\(UUID().uuidString)").path()

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func read(_ name: String, _ bytes: [UInt8]? = nil) -> String {
        let path = "\(folder)/\(name)"
        if let bytes { _ = FileManager.default.createFile(atPath: path, contents: Data(bytes)) }
        defer { try? FileManager.default.removeItem(atPath: path) }
        do throws(Diagnostics) {
            _ = try Configuration.read(path: path, environment: [:], isRoot: false)
            return ""
        } catch {
            return error.rendered(color: false).replacing(folder, with: "F")
        }
    }

    @Test("A file that is not there, a folder, and one that is too large say so")
    func unreadable() throws {
        #expect(read("none.yaml").hasPrefix("F/none.yaml: error: there is no such file\n"))
        try FileManager.default.createDirectory(atPath: "\(folder)/sub", withIntermediateDirectories: true)
        #expect(read("sub").hasPrefix("F/sub: error: this is a folder\n"))
        let large = [UInt8](repeating: UInt8(ascii: "#"), count: 1_048_577)
        #expect(read("large.yaml", large).hasPrefix("F/large.yaml: error: the file is larger than 1 MiB\n"))
        #expect(read("full.yaml", large.dropLast()).hasPrefix("F/full.yaml: error: the file is empty\n"))
    }

    @Test("A file without permission says so", .enabled(if: geteuid() != 0, "root may read everything"))
    func noPermission() throws {
        let path = "\(folder)/secret.yaml"
        _ = FileManager.default.createFile(atPath: path, contents: Data(), attributes: [.posixPermissions: 0])
        #expect(read("secret.yaml").hasPrefix("F/secret.yaml: error: this user may not read the file\n"))
    }

    @Test("Bytes that are not UTF-8 are shown where they stand")
    func notUTF8() {
        let text = read("latin.yaml", Array("listen: :8080\nstate: /b".utf8) + [0xFC] + Array("cher\nservers:\n".utf8))
        let expected = """
            F/latin.yaml:2:10: error: the file is not UTF-8: byte 0xFC begins no character
            2 | state: /b\u{FFFD}cher
              |          ^
              Save it as UTF-8, for example with `iconv -f LATIN1 -t UTF-8`.

            """
        #expect(text == expected)
        #expect(read("cut.yaml", Array("state: ".utf8) + [0xE6, 0x9C]).hasPrefix("F/cut.yaml:1:8: error:"))
    }

    @Test("A byte order mark, Windows line ends and a missing last line end are read")
    func lineEnds() throws {
        let text = "\u{FEFF}listen: 127.0.0.1:8080\r\nservers:\r\n  web-01: 127.0.0.1:9001\r\n  web-02: nowhere"
        let (_, diagnostics) = Configuration.parse(text: text, file: "crlf.yaml", environment: [:], isRoot: true)
        #expect(diagnostics.map { "\($0.place)" } == ["crlf.yaml:4:11"])
        #expect(diagnostics.first?.excerpt?.text == "  web-02: nowhere")
    }
}
