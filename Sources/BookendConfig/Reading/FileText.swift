#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Brings a file into memory, no more of it than a configuration can have.
enum FileText {
    enum Outcome {
        case success(String)
        case failure(Diagnostic)
    }

    static func read(_ path: String) -> Outcome {
        guard let file = fopen(path, "rbe") else { return .failure(unreadable(path, errno)) }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: Bounds.fileSize + 1)
        let count = bytes.withUnsafeMutableBytes { fread($0.baseAddress, 1, $0.count, file) }
        if ferror(file) != 0 { return .failure(unreadable(path, errno)) }
        guard count <= Bounds.fileSize else { return .failure(tooLarge(path)) }
        let text = bytes[..<count]
        if let valid = String(validating: text, as: UTF8.self) { return .success(valid) }
        return .failure(notUTF8(path, Array(text)))
    }

    static func tooLarge(_ path: String) -> Diagnostic {
        failure(
            .file(path), "the file is larger than 1 MiB",
            "A configuration has some KiB. Is this the right file?")
    }

    private static func unreadable(_ path: String, _ code: Int32) -> Diagnostic {
        switch code {
        case ENOENT:
            failure(
                .file(path), "there is no such file",
                "Name another one, or start without:\n"
                    + "  bookend run --listen 127.0.0.1:8080 web-01=127.0.0.1:9001 web-02=127.0.0.1:9002")
        case EISDIR:
            failure(.file(path), "this is a folder", "Name the file in it, for example \(path)/bookend.yaml.")
        case EACCES, EPERM:
            failure(
                .file(path), "this user may not read the file",
                "Check the file and every folder above it: `namei -l \(path)` shows their owners and rights.")
        default:
            failure(.file(path), "the file cannot be read: \(String(cString: strerror(code)))", nil)
        }
    }

    private static func notUTF8(_ path: String, _ bytes: [UInt8]) -> Diagnostic {
        let good = validPrefix(bytes)
        let shown = SourceText(String(decoding: bytes[good...].prefix(Excerpt.window), as: UTF8.self), file: path)
        let before = SourceText(String(decoding: bytes[..<good], as: UTF8.self), file: path)
        let line = before.lineCount
        let start = Array(before.line(line))
        let column = start.count + 1
        return Diagnostic(
            severity: .error, place: .text(file: path, line: line, column: column),
            message:
                "the file is not UTF-8: byte 0x\(String(bytes[good], radix: 16, uppercase: true)) begins no character",
            suggestion: nil, advice: "Save it as UTF-8, for example with `iconv -f LATIN1 -t UTF-8`.",
            excerpt: Excerpt(of: (start + shown.line(1))[...], line: line, column: column, length: 1))
    }

    /// Number of bytes before the first that begins no character.
    private static func validPrefix(_ bytes: [UInt8]) -> Int {
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var count = 0
        while case .valid(let scalar) = parser.parseScalar(from: &iterator) { count += scalar.count }
        return min(count, bytes.count - 1)
    }

    private static func failure(_ place: Place, _ message: String, _ advice: String?) -> Diagnostic {
        Diagnostic(severity: .error, place: place, message: message, suggestion: nil, advice: advice, excerpt: nil)
    }
}
