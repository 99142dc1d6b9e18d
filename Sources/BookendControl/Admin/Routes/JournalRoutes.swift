import BookendHTTP

/// What happened, from the file.
extension AdminRoutes {
    static let journal = [
        AdminRoute(
            .get, "/v1/journal",
            AdminOperation(
                "journal", "What happened: events in order, the oldest first, a page at a time",
                asks: [
                    AdminParameter(
                        "since",
                        "From this time on, or from so long ago: 2026-11-21T01:26:00Z, 1h; a day when it is not given",
                        ["type": "string", "pattern": .text(JournalQuery.timePattern), "examples": ["1h"]]),
                    AdminParameter(
                        "after", "Only events after the one with this id: the last of the page before",
                        ["type": "integer", "minimum": 0, "maximum": .number(Double(JournalQuery.largestID))]),
                    AdminParameter(
                        "limit", "Of events",
                        ["type": "integer", "minimum": 1, "maximum": .count(StoreLimits.pageEntries)]),
                ],
                gives: [.json("JournalPage")],
                refuses: [400: "what is asked for cannot be understood", 503: "the file cannot be read now"]),
            later: { request, plane, reply in
                let query: JournalQuery
                do {
                    query = try JournalQuery(request.query, at: .now)
                } catch {
                    return reply(.problem(400, "\(error)"))
                }
                plane.store.ask {
                    .page(query, ticket: $0)
                } answered: { answer in
                    guard case .page(let page?, _) = answer else {
                        return reply(
                            .problem(503, "the journal cannot be read now; GET /v1/status says why, under `store`"))
                    }
                    reply(.json(page))
                }
            })
    ]
}
