public import BookendConfig
import BookendLoop
import Glibc

extension AlertTarget {
    /// What will keep this target from being told as it should be, in words; nil when nothing is seen. Blocks. No error: a
    /// load balancer has to start although its pager is missing.
    public func trouble() -> String? {
        switch way {
        case .exec(let words):
            guard access(words[0], X_OK) != 0 else { return nil }
            return "warning: alerts to \(name) will fail: \(words[0]): \(Errno.last)"
        case .webhook(let webhook):
            guard let file = webhook.secretFile,
                (try? TokenFile(path: file.path, of: .secret))?.isReadableByOthers == true
            else { return nil }
            return
                "\(file.place): warning: every user of this machine may read the secret in \(file.path): chmod o-r it"
        case .syslog(.socket(let path)):
            return access(path, W_OK) == 0 ? nil : "warning: alerts to \(name) will fail: \(path): \(Errno.last)"
        case .syslog(.network): return nil
        }
    }
}
