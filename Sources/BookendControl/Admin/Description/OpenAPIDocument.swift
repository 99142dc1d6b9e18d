import BookendHTTP
import Foundation

/// The description of the admin API (OpenAPI 3.1.0), made of the table of routes: a route that is there is described,
/// and what is described is there.
enum OpenAPIDocument {
    static let bytes: Data = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(document)) ?? Data()
    }()

    static let document: JSONValue = [
        "openapi": "3.1.0",
        "info": [
            "title": "Bookend", "version": .text(Version.current),
            "description": .text(
                "On the admin socket nothing is asked for. Over TCP every change needs the token, and so does every"
                    + " question unless the address is a loopback one. Each answer ends its connection."),
        ],
        "servers": [["url": "/"]],
        "paths": paths,
        "components": [
            "schemas": Schemas.all,
            "securitySchemes": ["token": ["type": "http", "scheme": "bearer"]],
        ],
    ]

    private static var paths: JSONValue {
        var paths: [String: JSONValue] = [:]
        for route in AdminRoutes.all {
            var item: [String: JSONValue] = [:]
            if case .object(let known) = paths[route.path] { item = known }
            item[route.method.name.lowercased()] = operation(route)
            paths[route.path] = .object(item)
        }
        return .object(paths)
    }

    private static func operation(_ route: AdminRoute) -> JSONValue {
        let operation = route.operation
        // Either the token or, for reading, nothing: whether that is enough depends on the address.
        let security: JSONValue = route.method.isSafe ? [["token": []], [:]] : [["token": []]]
        var fields: [String: JSONValue] = [
            "operationId": .text(operation.id), "summary": .text(operation.summary), "security": security,
            "responses": responses(of: route),
        ]
        let names = route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { $0.dropFirst().dropLast() }
        let parameters = names.map { parameter(String($0)) } + operation.asks.map(parameter)
        if !parameters.isEmpty { fields["parameters"] = .list(parameters) }
        if let schema = operation.takes {
            fields["requestBody"] = ["required": true, "content": ["application/json": ["schema": reference(schema)]]]
        }
        return .object(fields)
    }

    private static func parameter(_ name: String) -> JSONValue {
        [
            "name": .text(name), "in": "path", "required": true,
            "description": name == "pool" ? "NAME" : "NAME, or POOL%2FNAME where several pools have one of that name",
            "schema": ["type": "string", "minLength": 1], "example": name == "pool" ? "default" : "web-01",
        ]
    }

    private static func parameter(_ parameter: AdminParameter) -> JSONValue {
        [
            "name": .text(parameter.name), "in": "query", "required": false,
            "description": .text(parameter.meaning), "schema": parameter.schema,
        ]
    }

    private static func responses(of route: AdminRoute) -> JSONValue {
        var responses: [String: JSONValue] = [
            "401": problem("the token is missing or another one"),
            "421": problem("the Host is none of this server's"),
            "default": problem("what was asked is not served; why stands in detail"),
        ]
        if !route.method.isSafe {
            responses["403"] = problem("there is no token, and so no change over TCP")
            responses["411"] = problem("the length of the body is not told")
            responses["413"] = problem("the body is too large")
        }
        for (status, meaning) in route.operation.refuses { responses["\(status)"] = problem(meaning) }
        for reply in route.operation.gives {
            let (status, response) = good(reply)
            responses["\(status)"] = response
        }
        return .object(responses)
    }

    private static func good(_ reply: AdminOperation.Reply) -> (Int, JSONValue) {
        switch reply {
        case .json(let schema, let isList):
            let content: JSONValue = isList ? ["type": "array", "items": reference(schema)] : reference(schema)
            return (200, ["description": "the answer", "content": ["application/json": ["schema": content]]])
        case .text(let example):
            return (
                200,
                [
                    "description": "the answer",
                    "content": ["text/plain": ["schema": ["type": "string"], "example": .text(example)]],
                ]
            )
        case .events:
            return (
                200,
                ["description": "events", "content": ["text/event-stream": ["schema": ["type": "string"]]]]
            )
        case .nothing: return (204, ["description": "it is done"])
        }
    }

    private static func problem(_ meaning: String) -> JSONValue {
        [
            "description": .text(meaning),
            "content": ["application/problem+json": ["schema": reference("Problem")]],
        ]
    }

    private static func reference(_ schema: String) -> JSONValue {
        ["$ref": .text("#/components/schemas/\(schema)")]
    }
}
