package import GRDB

/// A reader with an account.
package struct Account: Sendable, Equatable, Identifiable {
    package let id: Int
    package let name: String
    /// A sentence about the reader, up to 200 characters; may be empty.
    package let about: String
    let since: Moment
}

extension Account: FetchableRecord {
    static let columns = "account.id, account.name, account.about, account.created_at"

    package init(row: Row) throws {
        id = row["id"]
        name = row["name"]
        about = row["about"]
        since = Moment(seconds: row["created_at"])
    }
}
