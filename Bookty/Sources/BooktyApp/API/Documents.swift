/// The shapes of the JSON interface. Times are ISO 8601 in UTC; years before the common era are negative.
struct BookDocument: Encodable {
    let id: Int
    let title: String
    let author: String
    let year: Int
    let yearIsApproximate: Bool
    let language: String
    let country: String
    let subjects: [String]
    let description: String

    init(_ book: Book) {
        id = book.id
        title = book.title
        author = book.author
        year = book.year
        yearIsApproximate = book.isApproximate
        language = book.language
        country = book.country
        subjects = book.subjects
        description = book.description
    }
}

struct BookDetailDocument: Encodable {
    let book: BookDocument
    let reviewCount: Int
    /// The mean of the stars; absent without reviews.
    let meanStars: Double?
    /// The latest reviews, at most 50.
    let reviews: [ReviewDocument]
}

struct ReviewDocument: Encodable {
    let bookId: Int
    let bookTitle: String
    let by: String
    let stars: Int
    let body: String
    let createdAt: String
    let updatedAt: String

    init(_ review: Review) {
        bookId = review.bookID
        bookTitle = review.bookTitle
        by = review.author
        stars = review.stars
        body = review.body
        createdAt = review.createdAt.iso8601
        updatedAt = review.updatedAt.iso8601
    }
}

struct ShelfEntryDocument: Encodable {
    let book: BookDocument
    let state: String
    let addedAt: String
    let readAt: String?

    init(_ entry: ShelfEntry) {
        book = BookDocument(entry.book)
        state = entry.state.rawValue
        addedAt = entry.addedAt.iso8601
        readAt = entry.readAt?.iso8601
    }
}

struct AccountDocument: Encodable {
    let name: String
    let about: String
    let since: String

    init(_ account: Account) {
        name = account.name
        about = account.about
        since = account.since.iso8601
    }
}

struct ListDocument<Item: Encodable>: Encodable {
    let items: [Item]
    let total: Int
    let page: Int
    let pages: Int

    init<Source>(_ listing: Listing<Source>, item: (Source) -> Item) {
        items = listing.items.map(item)
        total = listing.total
        page = listing.page.number
        pages = listing.pageCount
    }
}

struct CountDocument: Encodable {
    let name: String
    let count: Int

    init(_ count: Count) {
        name = count.name
        self.count = count.count
    }
}
