import BookendHTTP
import Foundation
import Testing

@testable import BookendControl

@Suite("The admin API's routes and their description")
struct AdminRouteTests {
    @Test("A segment in braces takes one segment, percent-decoded")
    func parameters() throws {
        let report = try #require(AdminRoutes.all.first { $0.path == "/v1/servers/{server}/report" })
        #expect(report.parameters(of: "/v1/servers/web-01/report") == ["server": "web-01"])
        #expect(report.parameters(of: "/v1/servers/bookty%2Fweb-01/report") == ["server": "bookty/web-01"])
        for other in [
            "/v1/servers/report", "/v1/servers//report", "/v1/servers/a/b/report", "/v1/servers/a/report/",
            "/v1/servers/%FF/report", "/v1/servers/%2/report", "v1/servers/a/report", "", "/",
        ] {
            #expect(report.parameters(of: other) == nil, "\(other)")
        }
    }

    @Test("No two routes take the same method and path, nor have the same name")
    func distinct() {
        #expect(Set(AdminRoutes.all.map { "\($0.method) \($0.path)" }).count == AdminRoutes.all.count)
        #expect(Set(AdminRoutes.all.map(\.operation.id)).count == AdminRoutes.all.count)
    }

    @Test("What is served is described, and what is described is served")
    func complete() throws {
        let served = AdminRoutes.all.flatMap { route in [route.method.name.lowercased() + " " + route.path] }
        let paths = try #require(OpenAPIDocument.document["paths"])
        let described = paths.keys.flatMap { path in (paths[path]?.keys ?? []).map { "\($0) \(path)" } }
        #expect(served.sorted() == described.sorted())
    }

    @Test("Every operation says what it gives, and that problems are problem documents")
    func responses() throws {
        for route in AdminRoutes.all {
            let operation = OpenAPIDocument.document["paths"]?[route.path]?[route.method.name.lowercased()]
            let responses = try #require(operation?["responses"])
            #expect(responses.keys.contains { $0.hasPrefix("2") } && responses.keys.contains("default"))
            for status in responses.keys where !status.hasPrefix("2") {
                #expect(responses[status]?["content"]?.keys == ["application/problem+json"])
            }
            let mayBeFree: JSONValue = [["token": []], [:]]
            #expect((operation?["security"] == mayBeFree) == route.method.isSafe, "\(route.path)")
        }
    }

    @Test("Every reference leads to a schema")
    func references() throws {
        let text = String(decoding: OpenAPIDocument.bytes, as: UTF8.self)
        let names = text.matches(of: #/"#\/components\/schemas\/(\w+)"/#).map { String($0.output.1) }
        #expect(names.count > 10)
        #expect(Set(names).isSubset(of: Set(Schemas.all.keys)))
    }
}
