import GRDB

/// Why Bookty could not start: one line that says what is wrong and how to mend it.
package struct StartFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }

    init(database error: DatabaseError, path: String) {
        let cause = error.message ?? "SQLite error \(error.resultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            self.init("\(path) is not a sound database (\(cause)): move it away or give another file with --data")
        case .SQLITE_FULL:
            self.init("the disk that holds \(path) is full: make room and start again")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN, .SQLITE_AUTH:
            self.init("cannot write \(path) (\(cause)): change its owner or give another file with --data")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init("\(path) is locked by another program (\(cause)): end it and start again")
        case .SQLITE_IOERR:
            self.init("reading or writing \(path) failed (\(cause)): check the disk and its file system")
        default:
            self.init("cannot use \(path): \(cause)")
        }
    }
}
