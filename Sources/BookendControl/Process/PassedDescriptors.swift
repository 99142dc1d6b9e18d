import BookendConfig

/// How the supervisor hands its descriptors to a worker process: by number, from 3 on, in an order that both derive from
/// the configuration.
struct PassedDescriptors {
    /// A file in memory with the checked configuration, so that a worker that starts anew serves what the first one
    /// served, whatever happened to the file on disk.
    static let configuration: Int32 = 3
    /// The listening admin socket.
    static let admin: Int32 = 4
    /// This end of the link to the supervisor.
    static let link: Int32 = 5
    /// The worker process's end of the socket for orders to run clean-up hooks, and for their reports.
    static let hooks: Int32 = 6
    /// The supervisor's end of it, in the process that runs one.
    static let orders: Int32 = 4

    let workers: Int
    /// The listening socket of the admin API over TCP, if there is one.
    let adminNetwork: Int32?
    private let firstListener: Int32

    init(_ configuration: Configuration, workers: Int) {
        self.workers = workers
        adminNetwork = configuration.admin.network == nil ? nil : Self.hooks + 1
        firstListener = (adminNetwork ?? Self.hooks) + 1
    }

    /// The socket of one listener for one worker.
    func listener(_ listener: Int, worker: Int) -> Int32 {
        firstListener + Int32(listener * workers + worker)
    }
}
