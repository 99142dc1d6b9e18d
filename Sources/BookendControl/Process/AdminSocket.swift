import BookendLoop
import Glibc

/// The Unix socket on which the commands of `bookend` reach the running one.
enum AdminSocket {
    static func open(_ path: String) throws(Supervisor.StartFailure) -> FileDescriptor {
        makeFolder(of: path)
        do throws(Errno) {
            return try ListeningSocket.unix(path)
        } catch {
            throw Supervisor.StartFailure(description: "cannot make the admin socket \(path): \(cure(error))")
        }
    }

    /// The state folder is made on first use, for its owner only. What prevents that is said when the socket is made.
    private static func makeFolder(of path: String) {
        var end = path.startIndex
        while let slash = path[end...].dropFirst().firstIndex(of: "/") {
            mkdir(String(path[..<slash]), 0o700)
            end = slash
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
