import ArgumentParser
import BookendConfig
import BookendControl
import Foundation

/// The Bookend that a verb talks to: `--admin`, then `BOOKEND_ADMIN`, then `bookend.yaml` in this folder, then the default.
struct RunningBookend: ParsableArguments {
    @Option(
        help: ArgumentHelp("The running Bookend's admin socket, or http://HOST:PORT.", valueName: "PATH-OR-URL"))
    var admin: String?

    @OptionGroup var access: AdminAccess

    func ask<Answer>(_ question: (AdminClient) throws -> Answer) throws -> Answer {
        try ask(question) { "\($0)" }
    }

    /// - Parameter reason: what is printed of a refusal.
    func ask<Answer>(
        _ question: (AdminClient) throws -> Answer, refusedFor reason: (AdminClient.Refused) -> String
    ) throws -> Answer {
        do {
            return try question(client())
        } catch let error as AdminClient.Unreachable {
            say("\(error)")
            throw ExitCode.unreachable
        } catch let error as AdminClient.Refused {
            say("refused: \(reason(error))")
            throw ExitCode.refused
        }
    }

    /// From one look to the next: in microseconds.
    private static let pause: useconds_t = 200_000
    /// Looks without an answer, as of a Bookend that restarts: ten seconds.
    private static let patience = 50

    /// Looks until `isDone`.
    func watch<Answer>(
        _ question: (AdminClient) throws -> Answer, until isDone: (Answer) -> Bool
    ) throws -> Answer {
        var failures = 0
        while true {
            usleep(Self.pause)
            do {
                let answer = try question(client())
                failures = 0
                if isDone(answer) { return answer }
            } catch let error as AdminClient.Unreachable {
                failures += 1
                guard failures >= Self.patience else { continue }
                say("\(error)")
                throw ExitCode.unreachable
            } catch let error as AdminClient.Refused {
                say("refused: \(error)")
                throw ExitCode.refused
            }
        }
    }

    func client() throws -> AdminClient {
        do {
            return AdminClient(at: try AdminAddress(place), token: try access.token())
        } catch let error as AdminAddress.Problem {
            throw ValidationError("\(error)")
        }
    }

    /// The folder in which it keeps what lasts; nil when another Bookend was named than the one in this folder.
    var state: String? {
        guard chosen == nil else { return nil }
        return configuration?.state ?? Configuration.defaultState(isRoot: geteuid() == 0)
    }

    private var place: String {
        chosen ?? configuration?.admin.socket ?? Configuration.defaultAdminSocket(isRoot: geteuid() == 0)
    }

    private var chosen: String? {
        if let admin { return admin }
        return ProcessInfo.processInfo.environment["BOOKEND_ADMIN"].flatMap { $0.isEmpty ? nil : $0 }
    }

    private var configuration: Configuration? {
        guard FileManager.default.fileExists(atPath: ConfigurationSource.usualFile) else { return nil }
        return try? Configuration.read(
            path: ConfigurationSource.usualFile, environment: ProcessInfo.processInfo.environment,
            isRoot: geteuid() == 0
        ).configuration
    }
}
