import BookendHTTP
import Foundation

/// What programs watch.
extension AdminRoutes {
    static let watching = [
        AdminRoute(
            .get, "/v1/events",
            AdminOperation(
                "events",
                "What happens to the fleet, as server-sent events, from now on or from after `Last-Event-ID` on",
                gives: [.events], refuses: [503: "there are as many subscribers as there may be"])
        ) { request, plane in
            guard plane.events.hasRoom else {
                return .problem(503, "\(EventStream.mostSubscribers) programs listen to events already")
            }
            return .events(after: request.lastEventID)
        },
        AdminRoute(
            .get, "/metrics",
            AdminOperation("metrics", "Figures for Prometheus", gives: [.text("# TYPE bookend_in_flight gauge")])
        ) { request, plane in
            AdminAnswer(
                status: 200, type: "text/plain; version=0.0.4; charset=utf-8",
                content: .whole(Data(FleetMetrics(plane.fleet, at: request.now).bytes)))
        },
    ]
}
