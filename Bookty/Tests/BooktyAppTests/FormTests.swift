import BooktyApp
import HTTPTypes
import Testing

@Suite("Forms")
struct FormTests {
    private static let type = "application/x-www-form-urlencoded"

    @Test("A form is taken with the token of its page, and refused without")
    func token() async throws {
        let site = try Site("web-01", try DataFile())
        let token = try #require(try await site.send(.get, "/sign-up").cookie("bookty_form"))
        let fields = ["Content-Type": Self.type, "Cookie": "bookty_form=\(token)"]
        let form = "name=ada&password=a+long+password"
        #expect(try await site.send(.post, "/sign-up", fields, body: form).status == 403)
        #expect(try await site.send(.post, "/sign-up", fields, body: form + "&form_token=0").status == 403)
        let taken = try await site.send(.post, "/sign-up", fields, body: form + "&form_token=\(token)")
        #expect(taken.status == 303)
        #expect(taken.cookie("bookty_session") != nil)
    }

    @Test(
        "A change that another site's page asks for is refused",
        arguments: [
            ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"], ["Origin": "http://evil.example"],
        ])
    func otherSites(fields: [String: String]) async throws {
        let site = try Site("web-01", try DataFile())
        #expect(try await site.send(.post, "/api/sign-out", fields).status == 403)
    }

    @Test("A page may ask for changes under the name that a balancer forwards")
    func forwardedHost() async throws {
        let site = try Site("web-01", try DataFile())
        let fields = ["Origin": "https://bookty.example", "X-Forwarded-Host": "bookty.example"]
        #expect(try await site.send(.post, "/api/sign-out", fields).status == 204)
    }

    @Test(
        "Signing in leads to a page of Bookty and never to another site",
        arguments: [
            ("/books/3", "/books/3"), ("https://evil.example/", "/"), ("//evil.example", "/"), ("/\\evil.example", "/"),
        ])
    func redirects(next: String, expected: String) async throws {
        let site = try Site("web-01", try DataFile())
        let token = try #require(try await site.send(.get, "/sign-up").cookie("bookty_form"))
        let fields = ["Content-Type": Self.type, "Cookie": "bookty_form=\(token)"]
        let form = "name=ada&password=a+long+password&form_token=\(token)&next=\(next)"
        #expect(try await site.send(.post, "/sign-up", fields, body: form).field("Location") == expected)
    }

    @Test("A form's fields are decoded as browsers encode them")
    func decoding() throws {
        let form = try Form(encoded: "a=b+c%26d&e&f=%E2%98%85")
        #expect(form["a"] == "b c&d" && form["e"]?.isEmpty == true && form["f"] == "★")
        #expect(throws: Problem.self) { try Form(encoded: "a=%zz") }
    }
}
