import Testing

@testable import BookendControl

@Suite("What a receiver says, without the password in its target")
struct MaskingTests {
    @Test(
        "Whole, several times, or cut off at the end",
        arguments: [
            ("Cannot POST /T0/9f2c", "Cannot POST …"), ("/T0/9f2c and /T0/9f2c", "… and …"),
            ("Cannot POST /T0/9", "Cannot POST …"), ("see /", "see …"), ("ok", "ok"), ("", ""),
        ])
    func masked(text: String, shown: String) {
        #expect(text.masking("/T0/9f2c") == shown)
    }

    @Test("Without a secret nothing is masked")
    func nothing() {
        #expect("a/b".masking("") == "a/b")
    }
}
