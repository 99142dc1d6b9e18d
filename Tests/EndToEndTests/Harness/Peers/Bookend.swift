import Foundation
import Glibc

/// The program under test, running.
final class Bookend {
    let program: Program
    let adminSocket: String
    let ports: [UInt16]
    /// Of the admin API over TCP; 0 without one.
    let adminPort: UInt16

    /// - Parameter socket: where its configuration puts the admin socket.
    init(_ program: Program, adminSocket socket: String, within seconds: Double = 20) throws {
        self.program = program
        adminSocket = socket
        // It says so before it serves, and the kernel takes connections from then on.
        try eventually("bookend listens", within: seconds) {
            guard program.isRunning else { throw Failure("bookend ended: \(program.errors)") }
            return program.errors.contains("listening on http://")
        }
        let lines = program.errors.split(separator: "\n")
        func said(_ mark: String) -> [UInt16] {
            lines.filter { $0.contains(mark) }.compactMap { $0.split(separator: ":").last.flatMap { UInt16($0) } }
        }
        ports = said("listening on http://")
        adminPort = said("admin API on http://").first ?? 0
        try eventually("bookend serves", within: seconds) { (try? status()) != nil }
    }

    var port: UInt16 { ports[0] }
    var url: String { "http://127.0.0.1:\(port)" }

    /// The process that serves.
    var worker: pid_t { ProcessFacts.children(of: program.id).first ?? 0 }
    var residentBytes: Int { ProcessFacts.residentBytes(of: worker) }

    /// - Parameter source: the address that it sees.
    func connect(from source: String? = nil, receiveBuffer: Int32? = nil) throws -> Connection {
        try Connection(to: port, from: source, receiveBuffer: receiveBuffer)
    }

    /// One request on a connection of its own, and its response.
    func ask(_ method: String = "GET", _ target: String = "/", _ fields: String = "") throws -> Response {
        let client = try connect()
        try client.send("\(method) \(target) HTTP/1.1\r\nHost: bookty.example\r\n\(fields)\r\n")
        return try client.response(to: method)
    }

    func status() throws -> Status {
        let answer = try ask(admin: "/v1/status")
        return try Status(answer.body)
    }

    /// A request on the admin socket.
    func ask(admin target: String, method: String = "GET", body: String? = nil) throws -> Response {
        let client = Connection(owning: try UnixSocket.connect(to: adminSocket))
        let length = body.map { "Content-Length: \($0.utf8.count)\r\n" } ?? ""
        try client.send("\(method) \(target) HTTP/1.1\r\nHost: bookend\r\n\(length)\r\n" + (body ?? ""))
        return try client.response(to: method)
    }

    /// A request to the admin API over TCP.
    func ask(
        network target: String, method: String = "GET", token: String? = nil, host: String? = nil, body: String? = nil
    ) throws -> Response {
        let client = try Connection(to: adminPort)
        let length = body.map { "Content-Length: \($0.utf8.count)\r\n" } ?? ""
        let authorization = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        let host = host ?? "127.0.0.1:\(adminPort)"
        try client.send(
            "\(method) \(target) HTTP/1.1\r\nHost: \(host)\r\n\(authorization)\(length)\r\n" + (body ?? ""))
        return try client.response(to: method)
    }

    /// Waits until no request is in flight on any server.
    func settles() throws {
        try eventually("nothing is in flight") { try status().servers.allSatisfy { $0.inFlight == 0 } }
    }

    /// Kills the process that serves, another one than `last`; gives its id.
    @discardableResult
    func killWorker(after last: pid_t = 0) throws -> pid_t {
        var id: pid_t = 0
        try eventually("there is a worker process") {
            id = worker
            // 0 would be this test's own process group.
            return id > 1 && id != last
        }
        kill(id, SIGKILL)
        return id
    }

    /// Ends it and its worker at once, whatever they do.
    func end() {
        let worker = worker
        program.send(SIGKILL)
        if worker > 0 { kill(worker, SIGKILL) }
        program.end()
    }
}

/// What `GET /v1/status` says, as far as tests ask.
struct Status: Decodable {
    struct Server: Decodable {
        let name: String
        let inFlight: Int
        let requests: Int
        let errors: Int
        let connectFailures: Int
        let state: String
        let why: String
        let rotation: String
        let lastProbe: String?
        let cap: Int?
        let capReason: String
        let memory: Memory?
        let load: Load?
        let agent: Agent?
        let unreadableReports: Int
    }

    struct Memory: Decodable {
        let utilization: Double
        let usedBytes: Int?
        let limitBytes: Int?
        let pressure: Double?
    }

    struct Load: Decodable {
        let memoryUtilization: Double?
        let cpuUtilization: Double?
        let applicationUtilization: Double?
    }

    struct Agent: Decodable {
        let out: String?
        let weightPercent: Int
        let maxInFlight: Int?
        let trouble: String?
    }

    struct Lease: Decodable {
        let server: String
        let state: String
        let owner: String
        let why: String
        let leftSeconds: Double
        let ending: String?
        let kept: Bool
    }

    struct Alarm: Decodable {
        let kind: String
        let severity: String
        let text: String
    }

    struct Recycle: Decodable {
        let server: String
        let phase: String
        let waitsFor: String?
        let owner: String
        let why: String
    }

    struct Store: Decodable {
        let path: String
        let trouble: String?
        let movedAside: String?
        let lostEntries: Int
    }

    struct AlertTarget: Decodable {
        let name: String
        let waiting: Int
        let delivered: Int
        let omitted: Int
        let trouble: String?
    }

    struct Pool: Decodable {
        let name: String
        let recycles: [Recycle]
        let panic: Bool
        let shed: Int
        let shedReasons: [String: Int]
        let shedPriorities: [String: Int]
        let unknownPriorities: Int
        let servers: [Server]
    }

    let process: Int32
    let workers: Int
    let listeners: [String]
    let connections: Int
    let connectionLimit: Int
    let bufferBytes: Int
    let bufferLimitBytes: Int
    let outOfMemory: Int
    let ownAnswers: Int
    let droppedLogLines: Int
    let alarms: [Alarm]
    let alertTargets: [AlertTarget]
    let leases: [Lease]
    let store: Store
    let pools: [Pool]

    var servers: [Server] { pools.flatMap(\.servers) }
    var recycles: [Recycle] { pools.flatMap(\.recycles) }

    init(_ json: [UInt8]) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Status.self, from: Data(json))
    }
}

enum UnixSocket {
    static func connect(to path: String) throws -> Int32 {
        let raw = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8).prefix($0.count - 1)) }
        let result = withUnsafeBytes(of: address) { memory in
            Glibc.connect(
                raw, memory.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(memory.count))
        }
        guard result == 0 else {
            close(raw)
            throw Failure("cannot connect to \(path): \(String(cString: strerror(errno)))")
        }
        return raw
    }
}
