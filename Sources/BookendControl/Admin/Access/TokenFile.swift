public import BookendConfig
import BookendLoop
import Glibc

/// A file that holds a token or another secret: one line of visible ASCII.
public struct TokenFile {
    /// What it is for, as messages call it.
    public enum Use: String, Sendable {
        /// Opens the admin API over TCP.
        case token
        /// Signs alerts.
        case secret
    }

    /// Why it cannot be used, in words that say how to mend it.
    public struct Unusable: Error, Equatable, CustomStringConvertible {
        public let description: String
    }

    /// Guessing 16 characters at the rate at which Bookend answers takes longer than the universe has; 512 fit in any head.
    private static let lengths = 16...512
    private static let largestFile = 4_096

    public let token: String
    /// Users who are neither the owner nor in the file's group may read it.
    public let isReadableByOthers: Bool

    /// Blocks: not on a loop's thread.
    public init(path: String, of use: Use) throws(Unusable) {
        let what = use.rawValue
        // Without a writer a pipe would be waited for.
        let raw = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard raw >= 0 else { throw Unusable(description: "cannot read the \(what) file \(path): \(Errno.last)") }
        let file = FileDescriptor(owning: raw)
        var status = stat()
        guard fstat(file.raw, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw Unusable(description: "the \(what) file \(path) is no file")
        }
        isReadableByOthers = status.st_mode & S_IROTH != 0
        var bytes = [UInt8](repeating: 0, count: Self.largestFile)
        let count = read(file.raw, &bytes, bytes.count)
        guard count >= 0 else { throw Unusable(description: "cannot read the \(what) file \(path): \(Errno.last)") }
        guard let token = Self.token(bytes.prefix(count)) else {
            throw Unusable(
                description: "the \(what) file \(path) holds no \(what) of \(Self.lengths.lowerBound) to"
                    + " \(Self.lengths.upperBound) visible characters; make one with"
                    + " `(umask 077; head -c 24 /dev/urandom | base64 > \(path))`")
        }
        self.token = token
    }

    /// The one line, without what is around it; nil when it cannot be a token.
    static func token(_ bytes: some Collection<UInt8>) -> String? {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        let line = Array(bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
        guard lengths.contains(line.count), line.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        return String(decoding: line, as: UTF8.self)
    }
}

extension Admin.Network {
    /// That others may read the token, in words; nil when only its owner may, or there is none.
    public func exposure() -> String? {
        guard let file = tokenFile, (try? TokenFile(path: file.path, of: .token))?.isReadableByOthers == true else {
            return nil
        }
        return "\(file.place): warning: every user of this machine may read the token in \(file.path): chmod o-r it"
    }
}
