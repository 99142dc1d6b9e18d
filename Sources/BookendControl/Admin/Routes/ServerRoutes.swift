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
                "report",
                "What memory a server uses, as `bookend agent` says it four times a second; 200 tells the agent to do something",
                takes: "MemoryReport", gives: [.nothing, .json("AgentOrders")],
                refuses: noServer.merging([400: "the report is none"]) { first, _ in first })
        ) { request, plane in
            guard let report = AdminJSON.decoded(MemoryReport.self, request.body) else { return notAReport }
            if let hook = report.recycle?.hook, !HookReport.hooks.contains(hook) { return notAReport }
            var reading: MemoryReading?
            if let used = report.memoryUsedBytes, let limit = report.memoryLimitBytes {
                guard let told = MemoryReading(used: used, limit: limit) else {
                    return .problem(400, "memory_limit_bytes is 1 at least, and memory_used_bytes not below 0")
                }
                reading = told
            } else if report.recycle == nil || report.memoryUsedBytes != nil || report.memoryLimitBytes != nil {
                return notAReport
            }
            if let pressure = report.memoryPressure {
                guard (0...1).contains(pressure) else {
                    return .problem(400, "memory_pressure is a part of the time, from 0 to 1")
                }
                reading?.pressure = pressure
            }
            return onServer(request, plane) { server in
                if let hook = report.recycle { plane.fleet.hooks.said(hook, of: server) }
                if let reading { plane.fleet.reported(server, reading) }
                return plane.fleet.hooks.order(for: server).map { .json(AgentOrders(recycle: $0)) } ?? .done
            }
        },
    ]

    private static var notAReport: AdminAnswer {
        .problem(400, "a report is {\"memory_used_bytes\": N, \"memory_limit_bytes\": N}")
    }

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
