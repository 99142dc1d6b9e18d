import HTTPTypes
import Testing

@Suite("Problems")
struct ProblemTests {
    @Test(
        "Every answer names the server that made it",
        arguments: [
            "/", "/healthz", "/api/books/1", "/no/such/page", "/api/books/x", "/style.css",
        ])
    func serverName(path: String) async throws {
        let site = try Site("web-07", try DataFile())
        #expect(try await site.send(.get, path).field("Server-Name") == "web-07")
    }

    @Test("A server that was told to reports its memory on every answer, and otherwise keeps it to itself")
    func load() async throws {
        let file = try DataFile()
        let open = try await Site("web-01", file, reportsLoad: true).send(.get, "/healthz")
        #expect(open.field("endpoint-load-metrics")?.hasPrefix(#"JSON {"mem_utilization":0."#) == true)
        #expect(try await Site("web-02", file).send(.get, "/healthz").field("endpoint-load-metrics") == nil)
    }

    @Test("Programs get a problem document with the request's id; people get a page")
    func forms() async throws {
        let site = try Site("web-01", try DataFile())
        let program = try await site.send(.get, "/api/books/9999", ["X-Request-Id": "abc-123"])
        #expect(program.status == 404)
        #expect(program.field("Content-Type") == "application/problem+json")
        #expect(program.text.contains(#""requestId":"abc-123""#) && program.text.contains(#""status":404"#))
        let person = try await site.send(.get, "/books/9999", ["Accept": "text/html"])
        #expect(person.status == 404)
        #expect(person.field("Content-Type")?.hasPrefix("text/html") == true)
    }

    @Test(
        "Addresses with impossible numbers do not exist",
        arguments: [
            "/books/0", "/books/-1", "/books/abc", "/books/99999999999999999999", "/books/1.5", "/books/%00",
            "/reports/1", "/reports/99999999999", "/api/reports/x",
        ])
    func wrongNumbers(path: String) async throws {
        let site = try Site("web-01", try DataFile())
        #expect(try await site.send(.get, path).status == 404)
    }

    @Test("A method that an address does not know is told apart from an unknown address, with those it knows")
    func methods() async throws {
        let site = try Site("web-01", try DataFile())
        let wrong = try await site.send(.delete, "/api/books")
        #expect(wrong.status == 405 && wrong.field("Allow") == "GET, HEAD, OPTIONS")
        let options = try await site.send(.options, "/api/shelf/3")
        #expect(options.status == 204 && options.field("Allow") == "GET, HEAD, PUT, DELETE, OPTIONS")
        #expect(try await site.send(.delete, "/api/nothing").status == 404)
        #expect(try await site.send(.head, "/books/3").status == 200)
    }

    @Test(
        "A wrong body is told what is wrong with it",
        arguments: [
            ("{", 400, "not valid JSON"), ("[]", 400, "must be a JSON object"), (#"{"name":"a"}"#, 400, "“password”"),
            (#"{"name":1,"password":"x"}"#, 400, "must be a string"),
            (#"{"name":"ab","password":"a long password"}"#, 422, "3 to 32"),
            (#"{"name":"ada","password":"short"}"#, 422, "10 characters"),
            (String(repeating: " ", count: 70_000), 413, "65536 bytes"),
        ])
    func wrongBodies(body: String, status: Int, words: String) async throws {
        let site = try Site("web-01", try DataFile())
        let answer = try await site.json(.post, "/api/sign-up", body)
        #expect(answer.status == status)
        #expect(answer.text.contains(words))
    }
}
