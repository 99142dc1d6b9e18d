import ArgumentParser
import BooktyApp
import Foundation

/// Runs `body`; a failure becomes one line on the error stream and exit code 1.
func reportingFailures(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch {
        FileHandle.standardError.write(Data("bookty: \(error)\n".utf8))
        throw ExitCode.failure
    }
}
