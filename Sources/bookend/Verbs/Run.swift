import ArgumentParser
import BookendConfig
import BookendControl
import BookendCore

struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the load balancer.",
        discussion: """
            With a file:     bookend run bookend.yaml
            Without a file:  bookend run --listen 127.0.0.1:8080 web-01=127.0.0.1:9001 --backup b=127.0.0.1:9003

            SIGTERM or Ctrl-C lets requests in flight finish, for 30 seconds at most; a second one ends at once. SIGHUP takes \
            the file into force anew, as `bookend reload` does.
            """
    )

    @OptionGroup var source: ConfigurationSource

    func run() throws {
        let configuration = try source.checked(printingWarnings: true)
        let supervisor: Supervisor
        do {
            supervisor = try Supervisor(configuration, source: source.read) { say($0) }
        } catch {
            say("\(error)")
            throw ExitCode.refused
        }
        for listener in supervisor.configuration.listeners { say("listening on http://\(listener.bind)") }
        if let network = supervisor.configuration.admin.network {
            say("admin API on http://\(network.bind)")
            if let exposure = network.exposure() { say(exposure) }
        }
        for trouble in configuration.alerts.compactMap({ $0.trouble() }) { say(trouble) }
        if supervisor.run() == .neverServed { throw ExitCode.refused }
    }
}
