package import GRDB

/// The database that all instances of Bookty share.
///
/// Several processes open the same file, so two rules hold everywhere: a write begins with `BEGIN IMMEDIATE` (it waits
/// for its turn instead of failing half-way), and no transaction spans an `await` on anything but the database.
package struct Storage: Sendable {
    package let pool: DatabasePool

    /// Runs `work` on a read snapshot. Throws `DatabaseError`.
    func read<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await pool.read(work)
    }

    /// Runs `work` in one transaction, which is undone when it throws. Throws `DatabaseError` or what `work` throws.
    func write<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await pool.write(work)
    }

    /// True when the database answers a question within its busy timeout.
    func answers() async -> Bool {
        do {
            return try await read { try Int.fetchOne($0, sql: "SELECT 1 FROM work LIMIT 1") == 1 }
        } catch {
            return false
        }
    }
}
