import ArgumentParser
import BookendConfig
import BookendControl
import Foundation

/// The Bookend that a verb talks to: `--admin`, then `BOOKEND_ADMIN`, then `bookend.yaml` in this folder, then the default.
struct RunningBookend: ParsableArguments {
    @Option(help: ArgumentHelp("The admin socket of the running Bookend.", valueName: "PATH"))
    var admin: String?

    func ask<Answer>(_ question: (AdminClient) throws -> Answer) throws -> Answer {
        do {
            return try question(AdminClient(socket: path))
        } catch let error as AdminClient.Unreachable {
            say("\(error)")
            throw ExitCode.unreachable
        }
    }

    var path: String {
        if let admin { return admin }
        let environment = ProcessInfo.processInfo.environment
        if let path = environment["BOOKEND_ADMIN"], !path.isEmpty { return path }
        let isRoot = geteuid() == 0
        if FileManager.default.fileExists(atPath: ConfigurationSource.usualFile),
            let read = try? Configuration.read(
                path: ConfigurationSource.usualFile, environment: environment, isRoot: isRoot)
        {
            return read.configuration.admin.socket
        }
        return Configuration.defaultAdminSocket(isRoot: isRoot)
    }
}
