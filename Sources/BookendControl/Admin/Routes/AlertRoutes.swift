import BookendHTTP

/// Who is told when something goes wrong.
extension AdminRoutes {
    static let alerts = [
        AdminRoute(
            .get, "/v1/alerts",
            AdminOperation(
                "alerts", "The targets of alerts, and how they fare", gives: [.json("AlertTarget", isList: true)])
        ) { request, plane in .json(plane.alerts.reports(at: request.now)) },
        AdminRoute(
            .post, "/v1/alerts/test",
            AdminOperation(
                "testAlerts", "Send one alert that says it is a test, to one target or to all", takes: "AlertTestOrder",
                gives: [.json("AlertTest")],
                refuses: [
                    400: "the order is none", 404: "there is no such target",
                    409: "a test is under way",
                ])
        ) { request, plane in
            guard let order = AdminJSON.decoded(AlertTestOrder.self, request.body) else {
                return .problem(400, "a test is {\"target\": NAME}, or {} for all targets")
            }
            return plane.alerts.test(order.target)
        },
    ]
}
