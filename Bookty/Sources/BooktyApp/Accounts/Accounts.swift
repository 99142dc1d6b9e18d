import GRDB

/// Makes and checks accounts.
package struct Accounts: Sendable {
    static let longestAbout = 200

    let storage: Storage
    let lane: HashingLane

    package init(storage: Storage, lane: HashingLane) {
        self.storage = storage
        self.lane = lane
    }

    /// Makes an account. Throws `Problem.conflict` when the name is taken, in any mixture of capitals.
    package func create(_ credentials: Credentials) async throws -> Account {
        let password = credentials.password
        guard let hash = try await lane.run({ PasswordHash.make(from: password) }) else {
            throw Problem.internalFault("The system offers no way to hash passwords.")
        }
        return try await storage.write { database in
            try database.execute(
                sql: "INSERT INTO account (name, password, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                arguments: [credentials.name, hash, Moment.now.seconds])
            guard database.changesCount == 1 else {
                throw Problem.conflict("The name “\(credentials.name)” is taken.")
            }
            let sql = "SELECT \(Account.columns) FROM account WHERE id = ?"
            guard let account = try Account.fetchOne(database, sql: sql, arguments: [database.lastInsertedRowID]) else {
                throw Problem.internalFault("The new account cannot be read back.")
            }
            return account
        }
    }

    /// The account with this name and password, or nil. Takes as long for an unknown name as for a wrong password, so
    /// that names cannot be found out by the clock.
    package func check(name: String, password: String) async throws -> Account? {
        guard password.utf8.count <= PasswordHash.longest, !password.utf8.contains(0) else { return nil }
        let found = try await storage.read { database -> (account: Account, hash: String)? in
            let sql = "SELECT \(Account.columns), password FROM account WHERE name = ?"
            let row = try Row.fetchOne(database, sql: sql, arguments: [name])
            return try row.map { (try Account(row: $0), $0["password"]) }
        }
        guard let found else {
            _ = try await lane.run { PasswordHash.make(from: password) }
            return nil
        }
        return try await lane.run({ PasswordHash.matches(password, stored: found.hash) }) ? found.account : nil
    }

    /// Replaces the sentence about a reader. Throws `Problem.invalid` when it is too long.
    package func describe(_ account: Account, as about: String) async throws -> Account {
        guard about.count <= Self.longestAbout, about.utf8.count <= Self.longestAbout * 8 else {
            throw Problem.invalid("“about” has at most \(Self.longestAbout) characters.")
        }
        try await storage.write {
            try $0.execute(sql: "UPDATE account SET about = ? WHERE id = ?", arguments: [about, account.id])
        }
        return Account(id: account.id, name: account.name, about: about, since: account.since)
    }
}
