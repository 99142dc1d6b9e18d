import BookendCore
import BookendHTTP
import Foundation

/// Cleaning servers up, one at a time in a pool.
extension AdminRoutes {
    static let recycles = [
        AdminRoute(
            .get, "/v1/servers/{server}/recycle",
            AdminOperation(
                "recycle", "A server's recycle, or how its last one ended; with what its hook wrote",
                gives: [.json("Recycle")], refuses: refusals)
        ) { request, plane in onServer(request, plane) { plane.fleet.recycleDesk.recycle(of: $0.index) } },
        change(
            .post, "beginRecycle", "Drain a server, run its clean-up hook, check it and bring it back", isOfPool: false
        ) { $0.begin($1, of: $2) },
        change(.delete, "callOffRecycle", "Call a recycle off, until its hook has begun", isOfPool: false) {
            $0.callOff($1, of: $2)
        },
        AdminRoute(
            .get, "/v1/pools/{pool}/recycle",
            AdminOperation(
                "recycles", "A pool's recycles that are not over, in the order of their turns",
                gives: [.json("Recycle", isList: true)], refuses: noPool)
        ) { request, plane in onPool(request, plane) { .json(plane.fleet.recycleDesk.recycles(of: $0)) } },
        change(
            .post, "beginRecycles", "Recycle all servers of a pool that have a clean-up hook, one after the other",
            isOfPool: true
        ) { $0.begin($1, pool: $2) },
        change(.delete, "callOffRecycles", "Call off all recycles of a pool whose hook has not begun", isOfPool: true) {
            $0.callOff($1, pool: $2)
        },
    ]

    private static let noPool = [404: "no pool has that name"]
    private static let refusals = noServer.merging([
        400: "the order is none, or lacks something", 404: "no server has that name, or no recycle of it is known",
        409: "it has no hook, it is planned already, or its hook has begun",
    ]) { _, last in last }

    /// - Parameter isOfPool: the path names a pool, and the answer is a list.
    private static func change(
        _ method: BookendHTTP.Method, _ id: String, _ summary: String, isOfPool: Bool,
        _ answer: @escaping @Sendable (RecycleDesk, RecycleOrder, Int) -> AdminAnswer
    ) -> AdminRoute {
        let operation = AdminOperation(
            id, summary, takes: method == .delete ? "RecycleEnd" : "RecycleOrder",
            gives: [.json("Recycle", isList: isOfPool)],
            refuses: isOfPool ? refusals.merging(noPool) { _, last in last } : refusals)
        let path = isOfPool ? "/v1/pools/{pool}/recycle" : "/v1/servers/{server}/recycle"
        return AdminRoute(method, path, operation) { request, plane in
            func ordered(_ index: Int) -> AdminAnswer {
                withOrder(request) { answer(plane.fleet.recycleDesk, $0, index) }
            }
            return isOfPool ? onPool(request, plane, ordered) : onServer(request, plane) { ordered($0.index) }
        }
    }

    private static func withOrder(_ request: AdminRequest, _ answer: (RecycleOrder) -> AdminAnswer) -> AdminAnswer {
        let body = request.body.isEmpty ? Data("{}".utf8) : request.body
        guard let order = AdminJSON.decoded(RecycleOrder.self, body) else {
            return .problem(400, "a recycle is {\"why\": TEXT, \"by\": NAME}")
        }
        return answer(order)
    }

    private static func onPool(
        _ request: AdminRequest, _ plane: ControlPlane, _ answer: (Int) -> AdminAnswer
    ) -> AdminAnswer {
        let name = request.parameters["pool"] ?? ""
        guard let pool = plane.fleet.pool(named: name) else {
            return .problem(404, "there is no pool \(name); GET /v1/pools lists them")
        }
        return answer(pool)
    }
}
