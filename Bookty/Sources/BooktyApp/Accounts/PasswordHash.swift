import CCrypt
import Foundation

/// Password hashing by the system's libcrypt, with its preferred method (yescrypt on Debian and Ubuntu).
///
/// One hash takes tens of milliseconds and up to 16 MiB: call it from a `HashingLane`, never from a request's task.
package enum PasswordHash {
    /// The longest password in bytes; libcrypt itself stops at 512.
    package static let longest = 256

    /// Hashes with a fresh salt. Nil when the system has no usable method.
    package static func make(from password: String) -> String? {
        var setting = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        guard crypt_gensalt_rn(nil, 0, nil, 0, &setting, Int32(setting.count)) != nil else { return nil }
        return setting.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.flatMap { hash(password, setting: $0) }
        }
    }

    /// True when `password` gives `stored`. Compares in constant time.
    package static func matches(_ password: String, stored: String) -> Bool {
        guard let again = hash(password, setting: stored) else { return false }
        let left = Array(again.utf8)
        let right = Array(stored.utf8)
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func hash(_ password: String, setting: UnsafePointer<CChar>) -> String? {
        // The work area is 32 KiB, too much for the stack of a small thread, and must be wiped: it held the password.
        let data = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
        memset(data, 0, MemoryLayout<crypt_data>.size)
        defer {
            explicit_bzero(data, MemoryLayout<crypt_data>.size)
            data.deallocate()
        }
        guard let result = crypt_rn(password, setting, data, Int32(MemoryLayout<crypt_data>.size)) else { return nil }
        let text = String(cString: result)
        // A leading star is libcrypt's way of saying that the setting was not one it knows.
        return text.hasPrefix("*") ? nil : text
    }
}
