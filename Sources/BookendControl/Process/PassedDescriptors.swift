import BookendLoop

/// How the supervisor hands its descriptors to a worker process: by number, from 3 on, in an order that both derive from
/// the configuration.
struct PassedDescriptors {
    /// A file in memory with the checked configuration, so that a worker that starts anew serves what the first one
    /// served, whatever happened to the file on disk.
    static let configuration: Int32 = 3
    /// The listening admin socket.
    static let admin: Int32 = 4
    private static let firstListener: Int32 = 5

    let workers: Int

    /// The socket of one listener for one worker.
    func listener(_ listener: Int, worker: Int) -> Int32 {
        Self.firstListener + Int32(listener * workers + worker)
    }
}
