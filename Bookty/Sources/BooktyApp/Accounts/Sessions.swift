import GRDB

/// A signed-in visitor.
struct Session: Sendable {
    let account: Account
    let digest: String
}

/// Sessions live in the shared database: whichever instance answers next knows the visitor.
package struct Sessions: Sendable {
    /// Days a session lasts; it is not prolonged.
    static let days = 30

    let storage: Storage

    package init(storage: Storage) {
        self.storage = storage
    }

    /// Begins a session and gives the token for the cookie. Also sweeps out sessions that have ended.
    func begin(for account: Account) async throws -> String {
        let token = Token.random()
        try await storage.write { database in
            let now = Moment.now
            try database.execute(sql: "DELETE FROM session WHERE expires_at <= ?", arguments: [now.seconds])
            try database.execute(
                sql: "INSERT INTO session (digest, account_id, expires_at) VALUES (?, ?, ?)",
                arguments: [Token.digest(token), account.id, now.adding(days: Self.days).seconds])
        }
        return token
    }

    /// The session of a cookie's token, or nil when it is unknown or over.
    func session(of token: String) async throws -> Session? {
        guard Token.isWellFormed(token) else { return nil }
        let digest = Token.digest(token)
        return try await storage.read { database in
            let account = try Account.fetchOne(
                database,
                sql: """
                    SELECT \(Account.columns) FROM session JOIN account ON account.id = account_id
                    WHERE digest = ? AND expires_at > ?
                    """,
                arguments: [digest, Moment.now.seconds])
            return account.map { Session(account: $0, digest: digest) }
        }
    }

    func end(_ session: Session) async throws {
        try await storage.write {
            try $0.execute(sql: "DELETE FROM session WHERE digest = ?", arguments: [session.digest])
        }
    }
}
