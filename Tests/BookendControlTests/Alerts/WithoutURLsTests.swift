import Testing

@testable import BookendControl

@Suite("What went wrong, without URLs")
struct WithoutURLsTests {
    @Test(
        "A URL keeps its scheme",
        arguments: [
            ("curl: (22) https://chat.example/hooks/9f2c says 404", "curl: (22) https://… says 404"),
            ("`http://ann:secret@127.0.0.1/hook` is no URL", "`http://…` is no URL"),
            ("4 |   - { webhook: http://a/b, name: x }", "4 |   - { webhook: http://…, name: x }"),
            ("http://a/b and\nhttp://c", "http://… and\nhttp://…"), ("no URL", "no URL"), ("", ""),
        ])
    func masked(text: String, shown: String) {
        #expect(text.withoutURLs == shown)
    }
}
