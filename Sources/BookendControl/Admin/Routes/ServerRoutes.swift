import BookendCore
import BookendHTTP
import Foundation

/// What is said of single servers, and by them.
extension AdminRoutes {
    static let servers = [
        AdminRoute(
            .get, "/v1/servers",
            AdminOperation("servers", "The servers of all pools", gives: [.json("Server", isList: true)])
        ) { request, plane in .json(plane.fleet.report(at: request.now).pools.flatMap(\.servers)) },
        AdminRoute(
            .get, "/v1/servers/{server}",
            AdminOperation("server", "One server", gives: [.json("Server")], refuses: noServer)
        ) { request, plane in
            onServer(request, plane) { .json(plane.fleet.report(of: $0, at: request.now)) }
        },
        AdminRoute(
            .post, "/v1/servers/{server}/report",
            AdminOperation(
                "report", "What memory a server uses, as `bookend agent` says it four times a second",
                takes: "MemoryReport", gives: [.nothing],
                refuses: noServer.merging([400: "the report is none"]) { first, _ in first })
        ) { request, plane in
            guard let report = AdminJSON.decoded(MemoryReport.self, request.body) else {
                return .problem(400, "a report is {\"memory_used_bytes\": N, \"memory_limit_bytes\": N}")
            }
            guard var reading = MemoryReading(used: report.memoryUsedBytes, limit: report.memoryLimitBytes) else {
                return .problem(400, "memory_limit_bytes is 1 at least, and memory_used_bytes not below 0")
            }
            if let pressure = report.memoryPressure {
                guard (0...1).contains(pressure) else {
                    return .problem(400, "memory_pressure is a part of the time, from 0 to 1")
                }
                reading.pressure = pressure
            }
            return onServer(request, plane) { server in
                plane.fleet.reported(server, reading)
                return .done
            }
        },
    ]

    static let noServer = [404: "no server has that name", 409: "several pools have such a server"]

    /// The answer for the one server that the path names.
    static func onServer(
        _ request: AdminRequest, _ plane: ControlPlane, _ answer: (ServerID) -> AdminAnswer
    ) -> AdminAnswer {
        do throws(NoServer) {
            return answer(try server(of: request, plane))
        } catch {
            return error.answer
        }
    }

    /// The path names no server, or several.
    struct NoServer: Error {
        let answer: AdminAnswer
    }

    /// The one server that the path names, `NAME` or `POOL%2FNAME`.
    static func server(of request: AdminRequest, _ plane: ControlPlane) throws(NoServer) -> ServerID {
        let name = request.parameters["server"] ?? ""
        let found = plane.fleet.servers(named: name)
        switch found.count {
        case 1: return found[0]
        case 0: throw NoServer(answer: .problem(404, "there is no server \(name); GET /v1/servers lists them"))
        default:
            throw NoServer(
                answer: .problem(409, "several pools have a server \(name): say POOL/NAME, in a path POOL%2FNAME"))
        }
    }
}
