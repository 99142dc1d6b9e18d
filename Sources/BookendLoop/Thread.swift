import CLinux
import Glibc

/// A thread with a name. Joined, detached, or left to end with the process.
public struct Thread: @unchecked Sendable {
    private let handle: pthread_t

    /// `name`: at most 15 bytes, as `top -H` shows it.
    public static func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(Errno) -> Thread {
        let box = Unmanaged.passRetained(Body(name: name, run: body))
        var handle = pthread_t()
        let status = pthread_create(
            &handle, nil,
            { argument in
                let body = Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue()
                _ = clinux_name_thread(body.name)
                body.run()
                return nil
            }, box.toOpaque())
        guard status == 0 else {
            box.release()
            throw Errno(status)
        }
        return Thread(handle: handle)
    }

    public func join() {
        pthread_join(handle, nil)
    }

    /// Nobody waits for its end, and its stack goes with it; otherwise that stays until somebody joins it.
    public func detach() {
        pthread_detach(handle)
    }

    /// From now on the calling thread's timed waits end on time, not up to 50 µs later as the kernel has it by default
    /// to wake up less often.
    public static func waitPrecisely() {
        _ = clinux_wait_precisely()
    }

    private final class Body {
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }
}
