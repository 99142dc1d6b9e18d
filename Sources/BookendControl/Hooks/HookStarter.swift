import BookendCore
import BookendLoop
import Foundation
import Glibc

/// Starts a small process for each order that comes from the worker process: in the supervisor, which has the rights that
/// Bookend was started with, and which must neither wait for a hook nor know anything about it.
struct HookStarter {
    /// The core has fewer at a time; a worker process that was taken over gets no more.
    static let most = 8

    private let orders: Int32
    private let most: Int
    private var running: Set<pid_t> = []

    /// - Parameters:
    ///   - orders: the supervisor's end.
    ///   - most: at a time.
    init(orders: Int32, most: Int) {
        self.orders = orders
        self.most = most
    }

    /// Orders are there. One for which there is no room is refused: run late, it would restart a server that serves again.
    ///
    /// - Parameter configuration: the descriptor of the file in memory.
    mutating func start(configuration: Int32, log: (String) -> Void) {
        while let order = HookSocket.receive(orders) {
            guard running.count < most else {
                refuse(order, "\(most) clean-up hooks run already", log)
                continue
            }
            let arguments = ["bookend", "hook", String(decoding: order, as: UTF8.self)]
            do throws(Errno) {
                guard let copies = HeldDescriptors.copies(of: [configuration, orders]) else { throw .last }
                defer { HeldDescriptors.close(copies) }
                running.insert(try ChildProcess.spawn(arguments, passing: copies))
            } catch {
                refuse(order, "no process for it: \(error)", log)
            }
        }
    }

    /// Whoever waits for its end hears now that there will be none.
    private func refuse(_ order: Data, _ why: String, _ log: (String) -> Void) {
        log("a clean-up hook is not started: \(why)")
        guard let order = AdminJSON.decoded(HookOrder.self, order) else { return }
        let result = HookResult(.notStarted(why), output: "")
        _ = HookSocket.send(
            HookMessage(pool: order.pool, server: order.server, report: HookReport(result, of: order.hook)), to: orders)
    }

    /// A child has ended, perhaps one of these.
    mutating func ended(_ id: pid_t) { running.remove(id) }
}
