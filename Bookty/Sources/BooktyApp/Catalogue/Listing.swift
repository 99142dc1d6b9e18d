package import GRDB

/// Which part of a list is wanted.
package struct PageRequest: Sendable, Equatable {
    /// Counts from 1.
    package let number: Int
    /// Entries per page, 1 to 100.
    package let size: Int

    package static let largestSize = 100
    /// Far more pages than any list has, and small enough that `offset` cannot overflow.
    package static let largestNumber = 1_000_000

    /// Values outside their range are moved to its nearer end.
    package init(number: Int, size: Int) {
        self.number = min(max(number, 1), Self.largestNumber)
        self.size = min(max(size, 1), Self.largestSize)
    }

    var offset: Int { (number - 1) * size }
}

/// One page of a list and the length of the whole.
package struct Listing<Item: Sendable>: Sendable {
    package let items: [Item]
    package let total: Int
    package let page: PageRequest

    /// At least 1: an empty list has one empty page.
    package var pageCount: Int { max(1, (total + page.size - 1) / page.size) }
}

/// A name and how often it occurs.
package struct Count: Sendable, FetchableRecord {
    package let name: String
    package let count: Int

    package init(row: Row) throws {
        name = row["name"]
        count = row["count"]
    }
}
