/// Everything that the pages and the JSON interface work with.
struct Platform: Sendable {
    let name: String
    let storage: Storage
    let catalogue: Catalogue
    let accounts: Accounts
    let sessions: Sessions
    let reviews: Reviews
    let shelves: Shelves
    let reports: YearReports
    let posters: PosterStudio

    init(name: String, storage: Storage) {
        self.name = name
        self.storage = storage
        catalogue = Catalogue(storage: storage)
        accounts = Accounts(storage: storage, lane: HashingLane())
        sessions = Sessions(storage: storage)
        reviews = Reviews(storage: storage)
        shelves = Shelves(storage: storage)
        reports = YearReports(storage: storage)
        posters = PosterStudio(reports: reports)
    }
}
