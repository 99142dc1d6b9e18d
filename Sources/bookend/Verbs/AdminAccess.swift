import ArgumentParser
import BookendControl
import Foundation

/// What opens the admin API over TCP: `--token-file`, then the token in `BOOKEND_TOKEN`. There is no option for the token
/// itself: every user of a machine sees the arguments of every process.
struct AdminAccess: ParsableArguments {
    @Option(help: ArgumentHelp("A file with the token that the admin API wants over TCP.", valueName: "PATH"))
    var tokenFile: String?

    /// Nil when none is given.
    func token() throws -> String? {
        guard let tokenFile else {
            let token = ProcessInfo.processInfo.environment["BOOKEND_TOKEN"] ?? ""
            guard token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw ValidationError("BOOKEND_TOKEN holds characters that no token has.")
            }
            return token.isEmpty ? nil : token
        }
        do throws(TokenFile.Unusable) {
            return try TokenFile(path: tokenFile, of: .token).token
        } catch {
            throw ValidationError("\(error)")
        }
    }
}
