import GRDB

/// Why the file cannot be used, in words that say what to do.
struct StoreFailure: Error, CustomStringConvertible {
    let description: String
    /// The file itself is broken: no attempt will do better.
    let isDamage: Bool

    init(_ description: String, isDamage: Bool) {
        self.description = description
        self.isDamage = isDamage
    }

    init(_ error: any Error) {
        switch error {
        case let failure as StoreFailure: self = failure
        case let error as DatabaseError:
            let isDamage = error.resultCode == .SQLITE_CORRUPT || error.resultCode == .SQLITE_NOTADB
            self.init(Self.words(error), isDamage: isDamage)
        default: self.init("\(error)", isDamage: false)
        }
    }

    private static func words(_ error: DatabaseError) -> String {
        switch error.resultCode {
        case .SQLITE_FULL: "no space left on the disk"
        case .SQLITE_READONLY, .SQLITE_PERM: "it may not be written"
        case .SQLITE_BUSY, .SQLITE_LOCKED: "another process uses it; does a second Bookend have the same `state:`?"
        case .SQLITE_CANTOPEN: "it cannot be opened"
        case .SQLITE_IOERR: "the disk fails (\(error.extendedResultCode.rawValue))"
        default: error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        }
    }
}
