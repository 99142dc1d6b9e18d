import Foundation
import HTTPTypes
import Hummingbird

/// Tells the balancer on every answer how full this server's memory is, in the form of ORCA (Open Request Cost
/// Aggregation): `endpoint-load-metrics: JSON {"mem_utilization":0.42}`.
struct LoadMiddleware: RouterMiddleware {
    typealias Context = BooktyContext

    let meter = MemoryMeter()

    func handle(
        _ request: Request, context: BooktyContext,
        next: (Request, BooktyContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        if let share = meter.share {
            let figure = String(format: "%.4f", share)
            response.headers[.endpointLoadMetrics] = #"JSON {"mem_utilization":\#(figure)}"#
        }
        return response
    }
}
