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
            .post, "drain", "Take a server out; refused with the figures when the others could not bear it",
            takes: "LeaseOrder"
        ) { $0.take($1, of: $2) },
        change(
            .patch, "extend", "Prolong a lease, which is a new decision with a reason", takes: "LeaseExtension"
        ) { $0.extend($1, of: $2) },
        change(.delete, "restore", "End a lease: the server comes back by slow start", takes: "LeaseEnd") {
            $0.restore($1, of: $2)
        },
    ]

    private static let refusals = noServer.merging([
        400: "the order is none, or lacks something",
        409: "the state of the fleet does not allow it; `guard` has the figures",
    ]) { _, last in last }

    private static func change(
        _ method: BookendHTTP.Method, _ id: String, _ summary: String, takes schema: String,
        _ answer: @escaping @Sendable (LeaseDesk, LeaseOrder, Int) -> AdminAnswer
    ) -> AdminRoute {
        let operation = AdminOperation(id, summary, takes: schema, gives: [.json("Lease")], refuses: refusals)
        return AdminRoute(method, "/v1/servers/{server}/lease", operation) { request, plane in
            onServer(request, plane) { server in
                let body = request.body.isEmpty ? Data("{}".utf8) : request.body
                guard let order = AdminJSON.decoded(LeaseOrder.self, body) else {
                    return .problem(
                        400,
                        "a lease is {\"for\": \"30m\", \"why\": TEXT, \"by\": NAME, \"force\": false, \"recall\": true}"
                    )
                }
                return answer(plane.fleet.desk, order, server.index)
            }
        }
    }
}
