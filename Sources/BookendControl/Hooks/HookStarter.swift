import BookendLoop
import Foundation
import Glibc

/// Starts a small process for each order that comes from the worker process: in the supervisor, which has the rights that
/// Bookend was started with, and which must neither wait for a hook nor know anything about it.
struct HookStarter {
    /// The core has fewer at a time; a worker process that was taken over gets no more.
    private static let most = 8

    private let orders: Int32
    private var running: Set<pid_t> = []

    /// - Parameter orders: the supervisor's end.
    init(orders: Int32) {
        self.orders = orders
    }

    /// Orders are there. One for which there is no room is dropped: run late, it would restart a server that serves again.
    ///
    /// - Parameter configuration: the descriptor of the file in memory.
    mutating func start(configuration: Int32, log: (String) -> Void) {
        while let order = HookSocket.receive(orders) {
            guard running.count < Self.most else {
                log("\(Self.most) clean-up hooks run already: another one is not started")
                continue
            }
            let arguments = ["bookend", "hook", String(decoding: order, as: UTF8.self)]
            do throws(Errno) {
                guard let copies = HeldDescriptors.copies(of: [configuration, orders]) else { throw .last }
                defer { HeldDescriptors.close(copies) }
                running.insert(try ChildProcess.spawn(arguments, passing: copies))
            } catch {
                log("cannot start a process for a clean-up hook: \(error)")
            }
        }
    }

    /// A child has ended, perhaps one of these.
    mutating func ended(_ id: pid_t) { running.remove(id) }
}
