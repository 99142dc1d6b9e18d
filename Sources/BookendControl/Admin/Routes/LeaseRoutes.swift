import BookendCore
import BookendHTTP
import Foundation

/// Taking servers out, for a time.
extension AdminRoutes {
    static let leases = [
        AdminRoute(
            .get, "/v1/leases",
            AdminOperation("leases", "The leases of all servers that are out", gives: [.json("Lease", isList: true)])
        ) { _, plane in .json(plane.fleet.desk.leases) },
        AdminRoute(
            .get, "/v1/servers/{server}/lease",
            AdminOperation(
                "lease", "A server's lease, or how its last one ended", gives: [.json("Lease")], refuses: refusals)
        ) { request, plane in onServer(request, plane) { plane.fleet.desk.lease(of: $0.index) } },
        change(
            .post, "drain", takes: "LeaseOrder",
            "Take a server out; refused with the figures when the others could not bear it"
        ) {
            $0.take($1, of: $2, reply: $3)
        },
        change(.patch, "extend", takes: "LeaseExtension", "Prolong a lease, which is a new decision with a reason") {
            $0.extend($1, of: $2, reply: $3)
        },
        change(.delete, "restore", takes: "LeaseEnd", "End a lease: the server comes back by slow start") {
            $0.restore($1, of: $2, reply: $3)
        },
    ]

    private static let refusals = noServer.merging([
        400: "the order is none, or lacks something",
        409: "the state of the fleet does not allow it; `guard` has the figures",
    ]) { _, last in last }

    private static func change(
        _ method: BookendHTTP.Method, _ id: String, takes schema: String, _ summary: String,
        _ answer: @escaping @Sendable (LeaseDesk, LeaseOrder, Int, @escaping AdminReply) -> Void
    ) -> AdminRoute {
        let operation = AdminOperation(id, summary, takes: schema, gives: [.json("Lease")], refuses: refusals)
        return AdminRoute(
            method, "/v1/servers/{server}/lease", operation,
            later: { request, plane, reply in
                do throws(NoServer) {
                    let server = try server(of: request, plane)
                    let body = request.body.isEmpty ? Data("{}".utf8) : request.body
                    guard let order = AdminJSON.decoded(LeaseOrder.self, body) else { return reply(noOrder) }
                    answer(plane.fleet.desk, order, server.index, reply)
                } catch {
                    reply(error.answer)
                }
            })
    }

    private static var noOrder: AdminAnswer {
        .problem(
            400, "a lease is {\"for\": \"30m\", \"why\": TEXT, \"by\": NAME, \"force\": false, \"recall\": true}")
    }
}
