package import Hummingbird

/// Puts the application together: middleware from the outside in, then all addresses.
package enum BooktyApplication {
    /// Throws `StartFailure`.
    package static func responder(
        name: String, storage: Storage, log: LogMode, reportsLoad: Bool, faults: FaultSwitch?
    ) throws -> some HTTPResponder<BooktyContext> {
        let platform = Platform(name: name, storage: storage)
        let renderer = try PageRenderer(serverName: name)
        let routes = routes(platform, renderer)
        let router = Router(context: BooktyContext.self, options: .autoGenerateHeadEndpoints)
        if log == .requests { router.add(middleware: RequestLog(name: name)) }
        router.add(middleware: ServerNameMiddleware(name: name))
        if let faults { router.add(middleware: FaultMiddleware(faults)) }
        if reportsLoad { router.add(middleware: LoadMiddleware()) }
        // The token is made outside the problem pages: their layout has a form too.
        router.add(middleware: FormTokenMiddleware())
        // Twice: inside, so that a problem's page knows who is signed in; outside, for when finding that out fails.
        router.add(middleware: ProblemMiddleware(name: name, renderer: renderer))
        router.add(middleware: SessionMiddleware(sessions: platform.sessions))
        router.add(middleware: ProblemMiddleware(name: name, renderer: renderer))
        router.add(middleware: MethodMiddleware(table: routes.methodTable))
        router.add(middleware: SameOriginMiddleware())
        for route in routes.all {
            router.on(RouterPath(route.path), method: route.method, use: route.handler)
        }
        return router.buildResponder()
    }

    private static func routes(_ platform: Platform, _ renderer: PageRenderer) -> Routes {
        var routes = Routes()
        HealthAPI(platform: platform).add(to: &routes)
        CataloguePages(platform: platform, renderer: renderer).add(to: &routes)
        AccountPages(platform: platform, renderer: renderer).add(to: &routes)
        ReadingPages(platform: platform, renderer: renderer).add(to: &routes)
        ReportPages(platform: platform, renderer: renderer).add(to: &routes)
        StylePage().add(to: &routes)
        CatalogueAPI(platform: platform).add(to: &routes)
        AccountAPI(platform: platform).add(to: &routes)
        ReadingAPI(platform: platform).add(to: &routes)
        ReportAPI(platform: platform).add(to: &routes)
        return routes
    }
}
