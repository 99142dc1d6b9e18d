import Testing

@testable import BookendControl

@Suite("Where a running Bookend is")
struct AdminAddressTests {
    @Test("A URL or HOST:PORT is TCP, everything else is a path")
    func forms() throws {
        func read(_ text: String) throws -> AdminAddress { try AdminAddress(text) }
        #expect(try read("http://127.0.0.1:9900") == .network(host: "127.0.0.1", port: 9_900))
        #expect(try read("http://lb.internal:9900/") == .network(host: "lb.internal", port: 9_900))
        #expect(try read("[::1]:9900") == .network(host: "::1", port: 9_900))
        for path in ["/run/bookend/admin.sock", "admin.sock", ".bookend/admin.sock", "b", "./a:80", "a:b", ":80"] {
            #expect(try read(path) == .socket(path))
        }
        for wrong in ["https://127.0.0.1:9900", "http://127.0.0.1", "http://127.0.0.1:0", "http://a/b:80", "http://"] {
            #expect(throws: AdminAddress.Problem.self, "\(wrong)") { try read(wrong) }
        }
    }
}
