import BooktyApp
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Synchronization

/// A database file that is removed with the test that made it.
final class DataFile: Sendable {
    let path: String
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "bookty-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.appending(path: "test.sqlite").path
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }
}

/// One instance of the application, without a network, and a browser's cookies.
struct Site {
    struct Answer {
        let status: Int
        let headers: HTTPFields
        let bytes: [UInt8]

        var text: String { String(decoding: bytes, as: UTF8.self) }
        func field(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
        func cookie(_ name: String) -> String? {
            headers[values: .setCookie].first { $0.hasPrefix(name + "=") }
                .map { String($0.dropFirst(name.count + 1).prefix { $0 != ";" }) }
        }
    }

    let name: String
    let storage: Storage
    /// Keeps the file for as long as the instance.
    private let file: DataFile
    private let answer: @Sendable (Request, BooktyContext) async throws -> Response

    init(_ name: String, _ file: DataFile, reportsLoad: Bool = false, faults: FaultSwitch? = nil) throws {
        self.name = name
        self.file = file
        storage = try Storage.open(path: file.path)
        let responder = try BooktyApplication.responder(
            name: name, storage: storage, log: .off, reportsLoad: reportsLoad, faults: faults)
        answer = { try await responder.respond(to: $0, context: $1) }
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, _ fields: [String: String] = [:], body: String = ""
    ) async throws -> Answer {
        var headers = HTTPFields()
        for (name, value) in fields {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        let head = HTTPRequest(method: method, scheme: "http", authority: "test", path: path, headerFields: headers)
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer(string: body)))
        let source = ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: Logger(label: "test"))
        let response = try await answer(request, BooktyContext(source: source))
        let collector = Collector()
        try await response.body.write(collector)
        return Answer(status: response.status.code, headers: response.headers, bytes: collector.bytes)
    }

    func json(
        _ method: HTTPRequest.Method, _ path: String, _ body: String, session: String? = nil
    ) async throws -> Answer {
        var fields = ["Content-Type": "application/json"]
        if let session { fields["Cookie"] = "bookty_session=\(session)" }
        return try await send(method, path, fields, body: body)
    }

    /// Signs up and gives the session's token.
    func signUp(_ name: String) async throws -> String {
        let answer = try await json(.post, "/api/sign-up", #"{"name":"\#(name)","password":"a long password"}"#)
        return answer.cookie("bookty_session") ?? ""
    }
}

/// Takes a response's body.
private final class Collector: ResponseBodyWriter, Sendable {
    private let state = Mutex<[UInt8]>([])

    var bytes: [UInt8] { state.withLock { $0 } }

    func write(_ buffer: ByteBuffer) async throws {
        state.withLock { $0 += Array(buffer.readableBytesView) }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
