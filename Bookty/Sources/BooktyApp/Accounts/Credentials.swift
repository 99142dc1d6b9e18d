/// A name and a password that satisfy the rules for new accounts.
package struct Credentials: Sendable {
    package let name: String
    package let password: String

    /// Throws `Problem` with the rule that is broken.
    package init(name: String, password: String) throws(Problem) {
        self.name = try Self.checked(name: name)
        self.password = try Self.checked(password: password)
    }

    static func checked(name: String) throws(Problem) -> String {
        let isAllowed = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard isAllowed, (3...32).contains(name.utf8.count) else {
            throw .invalid("A name has 3 to 32 characters: letters a–z, digits, dot, hyphen and underscore.")
        }
        return name
    }

    static func checked(password: String) throws(Problem) -> String {
        guard password.count >= 10 else { throw .invalid("A password needs at least 10 characters.") }
        guard password.utf8.count <= PasswordHash.longest else {
            throw .invalid("A password has at most \(PasswordHash.longest) bytes.")
        }
        // libcrypt takes a C string: what follows a zero byte would not count.
        guard !password.utf8.contains(0) else { throw .invalid("A password cannot contain a zero byte.") }
        return password
    }
}
