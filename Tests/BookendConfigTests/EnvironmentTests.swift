import Testing

@testable import BookendConfig

@Suite("Environment variables")
struct EnvironmentTests {
    let variables = EnvironmentVariables(values: ["A": "one", "B_2": "${A}", "EMPTY": ""])

    @Test(
        "${NAME} is replaced once, $${ is the characters themselves, and a lone $ stays",
        arguments: [
            ("${A}", "one"), ("x${A}y${A}", "xoney" + "one"), ("$${A}", "${A}"), ("$$${A}", "$${A}"), ("$A", "$A"),
            ("$", "$"),
            ("a$", "a$"), ("${B_2}", "${A}"), ("${EMPTY}", ""), ("{A}", "{A}"), ("$ {A}", "$ {A}"), ("", ""),
        ])
    func expanded(_ text: String, _ expected: String) throws {
        #expect(try variables.expanded(text) == expected)
    }

    @Test(
        "What cannot be replaced is an error, never an empty text",
        arguments: [
            ("${NOPE}", .unset("NOPE")), ("${A", .notClosed), ("${}", .notAName("")), ("${A:-x}", .notAName("A:-x")),
            ("${1}", .notAName("1")),
        ] as [(String, EnvironmentVariables.Problem)])
    func problems(_ text: String, _ problem: EnvironmentVariables.Problem) {
        #expect(throws: problem) { try variables.expanded(text) }
    }
}
