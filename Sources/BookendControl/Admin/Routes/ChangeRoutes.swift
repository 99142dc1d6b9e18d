import BookendCore
import BookendHTTP
import Foundation

/// Changing the configuration while Bookend runs.
extension AdminRoutes {
    static let changes = [
        AdminRoute(
            .post, "/v1/reload",
            AdminOperation(
                "reload", "Take the file on disk into force; when it cannot be used, nothing changes",
                gives: [.json("Change")],
                refuses: [
                    409: "the file cannot be used; `detail` says why and where", 429: "too many reloads wait",
                ]),
            later: { _, plane, reply in plane.reloads.reload(reply: reply) }),
        AdminRoute(
            .post, "/v1/servers",
            AdminOperation(
                "add", "Add a server to a pool, beside what the file says", takes: "ServerOrder",
                gives: [.json("Change")], refuses: refusals([404: "no pool has that name"])),
            later: { request, plane, reply in
                guard let order = AdminJSON.decoded(ServerOrder.self, request.body) else {
                    return reply(
                        .problem(
                            400, "a server is {\"pool\": NAME, \"name\": NAME, \"address\": HOST:PORT, \"by\": NAME}"))
                }
                plane.servers.add(order, reply: reply)
            }),
        AdminRoute(
            .patch, "/v1/servers/{server}",
            AdminOperation(
                "weigh", "Give a server another weight, beside what the file says", takes: "WeightOrder",
                gives: [.json("Change")], refuses: refusals(noServer)),
            later: { request, plane, reply in
                guard let order = AdminJSON.decoded(WeightOrder.self, request.body) else {
                    return reply(.problem(400, "a weight is {\"weight\": 1 to 256, \"by\": NAME}"))
                }
                onServer(request, plane, reply) { plane.servers.weigh($0, order, reply: reply) }
            }),
        AdminRoute(
            .delete, "/v1/servers/{server}",
            AdminOperation(
                "remove",
                "Drain a server and then remove it; refused with the figures when the others could not bear it",
                takes: "RemovalOrder", gives: [.json("Removal")], refuses: refusals(noServer)),
            later: { request, plane, reply in
                let body = request.body.isEmpty ? Data("{}".utf8) : request.body
                guard let order = AdminJSON.decoded(RemovalOrder.self, body) else {
                    return reply(.problem(400, "a removal is {\"why\": TEXT, \"by\": NAME, \"force\": false}"))
                }
                onServer(request, plane, reply) { plane.removals.remove($0, order, reply: reply) }
            }),
    ]

    private static func onServer(
        _ request: AdminRequest, _ plane: ControlPlane, _ reply: AdminReply, _ change: (ServerID) -> Void
    ) {
        do throws(NoServer) { change(try server(of: request, plane)) } catch { reply(error.answer) }
    }

    private static func refusals(_ more: [Int: String]) -> [Int: String] {
        more.merging([
            400: "the order is none, or lacks something",
            409: "the configuration or the state of the fleet does not allow it",
            429: "too many changes wait",
        ]) { _, last in last }
    }
}
