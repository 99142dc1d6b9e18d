import Hummingbird

/// Breaks what the application does, while the fault is on.
struct FaultMiddleware: RouterMiddleware {
    typealias Context = BooktyContext

    let faults: FaultSwitch
    private let began = ContinuousClock.now

    init(_ faults: FaultSwitch) {
        self.faults = faults
    }

    func handle(
        _ request: Request, context: BooktyContext,
        next: (Request, BooktyContext) async throws -> Response
    ) async throws -> Response {
        guard faults.isOn else { return try await next(request, context) }
        switch faults.fault {
        case .slow(let factor):
            let start = ContinuousClock.now
            let response = try await next(request, context)
            let took = start.duration(to: .now)
            try await Task.sleep(for: max(took * (factor - 1), Fault.leastSlowness * factor))
            return response
        case .errors(let healthPathsToo):
            let isHealthPath = ["/healthz", "/readyz"].contains(request.uri.path)
            if isHealthPath, !healthPathsToo { return try await next(request, context) }
            return Response(
                status: .internalServerError, body: ResponseBody(byteBuffer: .init(string: "broken on purpose\n")))
        case .pauses(let length, let period):
            let into = began.duration(to: .now) / Duration.nanoseconds(1)
            let place = into.truncatingRemainder(dividingBy: period / Duration.nanoseconds(1))
            let left = length / Duration.nanoseconds(1) - place
            if left > 0 { try await Task.sleep(for: .nanoseconds(Int64(left))) }
            return try await next(request, context)
        case .leak:
            return try await next(request, context)
        }
    }
}
