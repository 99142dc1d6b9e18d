import BookendLoop
import Glibc

/// The Unix socket on which the commands of `bookend` reach the running one.
enum AdminSocket {
    static func open(_ path: String) throws(Supervisor.StartFailure) -> FileDescriptor {
        Folder.make(above: path)
        do throws(Errno) {
            return try ListeningSocket.unix(path)
        } catch {
            throw Supervisor.StartFailure(description: "cannot make the admin socket \(path): \(cure(error))")
        }
    }

    private static func cure(_ error: Errno) -> String {
        switch error {
        case .addressInUse:
            "another Bookend is running with it; stop that one, or set `admin: { socket: … }` or `state:` to another path"
        case .noPermission:
            "no permission to write there; set `state:` to a folder that you own"
        default: "\(error)"
        }
    }
}
