import HTTPTypes
import Hummingbird

/// All addresses of the application, gathered before the router is built, so that a wrong method can be told from a
/// wrong address.
struct Routes {
    typealias Handler = @Sendable (Request, BooktyContext) async throws -> Response

    struct Route {
        let method: HTTPRequest.Method
        let path: String
        let handler: Handler
    }

    private(set) var all: [Route] = []

    mutating func get(_ path: String, use handler: @escaping Handler) { add(.get, path, handler) }
    mutating func post(_ path: String, use handler: @escaping Handler) { add(.post, path, handler) }
    mutating func put(_ path: String, use handler: @escaping Handler) { add(.put, path, handler) }
    mutating func patch(_ path: String, use handler: @escaping Handler) { add(.patch, path, handler) }
    mutating func delete(_ path: String, use handler: @escaping Handler) { add(.delete, path, handler) }

    private mutating func add(_ method: HTTPRequest.Method, _ path: String, _ handler: @escaping Handler) {
        all.append(Route(method: method, path: path, handler: handler))
    }
}

extension Routes {
    /// Which methods each address answers to.
    var methodTable: MethodTable {
        var entries: [MethodTable.Entry] = []
        for route in all {
            if let index = entries.firstIndex(where: { $0.path == route.path }) {
                entries[index].methods.append(route.method)
            } else {
                entries.append(MethodTable.Entry(path: route.path, methods: [route.method]))
            }
        }
        return MethodTable(entries: entries)
    }
}

/// Answers whether an address exists and what it can do.
struct MethodTable: Sendable {
    struct Entry: Sendable {
        let path: String
        let segments: [Substring]
        var methods: [HTTPRequest.Method]

        init(path: String, methods: [HTTPRequest.Method]) {
            self.path = path
            segments = path.split(separator: "/")
            self.methods = methods
        }

        func matches(_ asked: [Substring]) -> Bool {
            asked.count == segments.count
                && zip(asked, segments).allSatisfy { $1.hasPrefix(":") ? !$0.isEmpty : $0 == $1 }
        }

        /// `HEAD` comes with `GET`, and `OPTIONS` with everything.
        var allowed: [HTTPRequest.Method] {
            (methods.contains(.get) ? [.get, .head] : []) + methods.filter { $0 != .get } + [.options]
        }
    }

    let entries: [Entry]

    /// The methods of the address, or nil when there is no such address. A literal segment goes before a parameter.
    func methods(of path: String) -> [HTTPRequest.Method]? {
        let asked = path.split(separator: "/")
        let found = entries.filter { $0.matches(asked) }
        return (found.first { !$0.path.contains(":") } ?? found.first)?.allowed
    }
}
