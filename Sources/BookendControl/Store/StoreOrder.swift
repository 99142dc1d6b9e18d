/// What the store is told, and asked.
package enum StoreOrder: Sendable {
    case server(ServerRecord)
    /// In place of the server's lease before, if there is one.
    case lease(LeaseRecord, ticket: Int)
    case leaseOver(pool: String, server: String, ticket: Int)
    case page(JournalQuery, ticket: Int)
}

package enum StoreReply: Sendable {
    /// It holds, and `isOnDisk` says whether it would after a power failure too. Otherwise it is written as soon as the
    /// disk takes it.
    case kept(ticket: Int, isOnDisk: Bool)
    /// Nil when the file cannot be read, or too many ask.
    case page(JournalPage?, ticket: Int)
}
