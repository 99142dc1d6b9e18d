import GRDB

/// A year of reading on the platform, all readers together.
package struct YearReport: Sendable {
    package let year: Int
    package var figures = Figures()
    /// Books read in each month, January first; always 12.
    package var months = [Int](repeating: 0, count: 12)
    /// Titles, the most read first.
    package var mostRead: [Count] = []
    package var subjects: [Count] = []
    package var languages: [Count] = []
    /// The whole catalogue, earliest first.
    package var spines: [Spine] = []

    package init(year: Int) {
        self.year = year
    }

    package struct Figures: Sendable, Equatable {
        package var read: Int
        package var added: Int
        package var reviews: Int
        package var readers: Int
        package var meanStars: Double?

        package init(read: Int = 0, added: Int = 0, reviews: Int = 0, readers: Int = 0, meanStars: Double? = nil) {
            self.read = read
            self.added = added
            self.reviews = reviews
            self.readers = readers
            self.meanStars = meanStars
        }
    }

    /// One book on the poster's shelves.
    package struct Spine: Sendable {
        package let title: String
        package let year: Int
        /// How often it was read in the year.
        package let reads: Int
    }
}
