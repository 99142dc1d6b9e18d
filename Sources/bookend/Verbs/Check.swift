import ArgumentParser
import BookendConfig
import BookendControl

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check a configuration, and warn of the shape of an outage.",
        discussion: "Exit code 0 when Bookend would run with it, 1 when not. Warnings do not change the code."
    )

    @OptionGroup var source: ConfigurationSource

    @Flag(help: "Print every value in force, defaults included.")
    var effective = false

    func run() throws {
        let configuration = try source.checked(printingWarnings: true)
        if let exposure = configuration.admin.network?.exposure() { say(exposure) }
        for trouble in configuration.alerts.compactMap({ $0.trouble() }) { say(trouble) }
        if effective {
            let figures = [
                Configuration.DerivedFigure(name: "workers", value: "\(configuration.workerCount)"),
                Configuration.DerivedFigure(name: "worst case of memory", value: configuration.memoryPlan.description),
                Configuration.DerivedFigure(name: "for a unit of systemd", value: configuration.memoryMax),
            ]
            print(configuration.effectiveYAML(figures: figures), terminator: "")
        } else {
            print("ok")
        }
    }
}
