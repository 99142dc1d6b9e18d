import BooktyApp
import HTTPTypes
import Testing

@Suite("Accounts and sessions")
struct AccountTests {
    @Test("A session begun on one instance is honoured by another on the same file, until it is ended on either")
    func sharedSessions() async throws {
        let file = try DataFile()
        let (first, second) = (try Site("web-01", file), try Site("web-02", file))
        let session = try await first.signUp("ada")
        #expect(try await second.json(.get, "/api/me", "", session: session).text.contains(#""name":"ada""#))
        #expect(try await second.json(.post, "/api/sign-out", "", session: session).status == 204)
        #expect(try await first.json(.get, "/api/me", "", session: session).status == 401)
    }

    @Test("A name belongs to one reader, whatever its capitals")
    func uniqueNames() async throws {
        let site = try Site("web-01", try DataFile())
        _ = try await site.signUp("Ada")
        let again = try await site.json(.post, "/api/sign-up", #"{"name":"aDA","password":"a long password"}"#)
        #expect(again.status == 409)
    }

    @Test("A wrong password and an unknown name get the same answer")
    func wrongPassword() async throws {
        let site = try Site("web-01", try DataFile())
        _ = try await site.signUp("ada")
        let wrong = try await site.json(.post, "/api/sign-in", #"{"name":"ada","password":"another password"}"#)
        let unknown = try await site.json(.post, "/api/sign-in", #"{"name":"bob","password":"another password"}"#)
        #expect(wrong.status == 401)
        #expect(wrong.text == unknown.text)
        let right = try await site.json(.post, "/api/sign-in", #"{"name":"ada","password":"a long password"}"#)
        #expect(right.status == 200)
    }

    @Test("The session's cookie is kept from scripts and from other sites")
    func cookieAttributes() async throws {
        let site = try Site("web-01", try DataFile())
        let answer = try await site.json(.post, "/api/sign-up", #"{"name":"ada","password":"a long password"}"#)
        let cookie = try #require(answer.field("Set-Cookie"))
        #expect(cookie.contains("HttpOnly"))
        #expect(cookie.contains("SameSite=Lax"))
    }

    @Test("Passwords are kept as salted hashes that only the right password matches")
    func passwordHashes() throws {
        let first = try #require(PasswordHash.make(from: "a long password"))
        let second = try #require(PasswordHash.make(from: "a long password"))
        #expect(first != second)
        #expect(PasswordHash.matches("a long password", stored: first))
        #expect(!PasswordHash.matches("a long passwore", stored: first))
        #expect(!PasswordHash.matches("a long password", stored: "not a hash"))
    }

    @Test(
        "SHA-256 gives the digests of FIPS 180-4",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func digests(text: String, expected: String) {
        let digest = SHA256.digest(Array(text.utf8)).map { String(Int($0) + 256, radix: 16).dropFirst() }.joined()
        #expect(digest == expected)
    }
}
