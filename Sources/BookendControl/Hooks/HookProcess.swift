import BookendConfig
import BookendCore
import BookendLoop
import Foundation
import Glibc

/// What the small process beside the supervisor does: finds the hook of one order in the configuration, runs it, and tells
/// the worker process how it ended. It lives on when Bookend ends, and so keeps the hook's time limit.
public enum HookProcess {
    /// - Parameter order: as the worker process sent it.
    public static func run(_ order: String) {
        guard let order = AdminJSON.decoded(HookOrder.self, Data(order.utf8)) else { return }
        let result: HookResult
        if let (command, limit) = hook(of: order) {
            result = HookRun.run(command, environment: order.environment, limit: limit)
        } else {
            result = HookResult(.notStarted("the configuration has no command for \(order.server)"), output: "")
        }
        HookSocket.deliver(
            HookMessage(pool: order.pool, server: order.server, report: HookReport(result, of: order.hook)),
            to: PassedDescriptors.orders)
    }

    /// The orders do not say what is run: that stands in the configuration alone.
    private static func hook(of order: HookOrder) -> (command: [String], limit: TimeSpan)? {
        let file = FileDescriptor(owning: PassedDescriptors.configuration)
        let read = Configuration.parse(
            text: MemoryFile.text(of: file), file: "configuration", environment: [:], isRoot: geteuid() == 0)
        let pool = read.configuration?.pools.first { $0.name == order.pool }
        // A reload may have given the name to another server meanwhile.
        let server = pool?.servers.first { $0.name == order.server && "\($0.address)" == order.address }
        guard let recycling = server?.recycling, case .command(let command) = recycling.hook else { return nil }
        return (command, recycling.timeout)
    }
}
