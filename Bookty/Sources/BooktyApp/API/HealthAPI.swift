import Hummingbird

/// `/healthz` and `/readyz`, for the balancer's probes.
struct HealthAPI {
    private struct Health: Encodable {
        let status: String
        let server: String
    }

    let platform: Platform

    func add(to routes: inout Routes) {
        let platform = platform
        // Touches nothing but the process: a full or locked database is no reason to restart it.
        routes.get("/healthz") { _, _ in
            .json(Health(status: "alive", server: platform.name))
        }
        routes.get("/readyz") { _, _ in
            guard await platform.storage.answers() else { throw Problem.busy("The database does not answer.") }
            return .json(Health(status: "ready", server: platform.name))
        }
    }
}
