import BookendHTTP
import Foundation

/// The admin API: every route there is (interface.md, "Admin API"). The description is made of the same table.
enum AdminRoutes {
    static let all: [AdminRoute] = reading + servers + leases + recycles + changes + journal + alerts + watching

    static func answer(_ request: AdminRequest, _ plane: ControlPlane, reply: @escaping AdminReply) {
        var methods: [String] = []
        for route in all {
            guard let parameters = route.parameters(of: request.path) else { continue }
            guard route.serves(request.method) else {
                methods += route.methods
                continue
            }
            var request = request
            request.parameters = parameters
            return route.answer(request, plane, reply)
        }
        guard !methods.isEmpty else {
            return reply(.problem(404, "there is no \(request.path); GET /v1/openapi.json lists what there is"))
        }
        let allowed = methods.joined(separator: ", ")
        reply(.problem(405, "only \(allowed) is served here", fields: ["Allow: \(allowed)"]))
    }

    private static let reading = [
        AdminRoute(
            .get, "/healthz",
            AdminOperation("health", "Whether Bookend itself answers", gives: [.text("ok")])
        ) { _, _ in .text("ok\n") },
        AdminRoute(
            .get, "/v1/status",
            AdminOperation("status", "Everything that `bookend status` shows", gives: [.json("Status")])
        ) { request, plane in .json(plane.fleet.report(at: request.now)) },
        AdminRoute(
            .get, "/v1/pools",
            AdminOperation("pools", "The pools and their servers", gives: [.json("Pool", isList: true)])
        ) { request, plane in .json(plane.fleet.report(at: request.now).pools) },
        AdminRoute(
            .get, "/v1/openapi.json",
            AdminOperation("description", "This description", gives: [.json("Description")])
        ) { _, _ in
            AdminAnswer(status: 200, type: "application/json", content: .whole(OpenAPIDocument.bytes))
        },
    ]
}
