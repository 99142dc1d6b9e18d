import HTTPTypes
import Hummingbird

/// The year's report and its poster.
struct ReportPages {
    let platform: Platform
    let renderer: PageRenderer

    func add(to routes: inout Routes) {
        routes.get("/reports") { _, _ in .seeOther("/reports/\(Moment.now.year)") }
        routes.get("/reports/:year") { _, context in try await page(try context.reportYear(), context) }
        routes.get("/reports/:year/poster.png") { request, context in
            let year = try context.reportYear()
            let picture = try await platform.posters.poster(of: year, madeBy: platform.name)
            return Response(
                status: .ok,
                headers: [
                    .contentType: "image/png", .cacheControl: "no-store",
                    .contentDisposition: "inline; filename=\"bookty-\(year).png\"",
                ],
                body: ResponseBody(byteBuffer: picture))
        }
    }

    private func page(_ year: Int, _ context: BooktyContext) async throws -> Response {
        let report = try await platform.reports.report(year)
        let most = max(report.months.max() ?? 0, 1)
        let bars = report.months.enumerated().map { index, count -> PageRenderer.Values in
            let height = count == 0 ? 2 : max(4, count * 100 / most)
            return [
                "label": Moment.months[index].prefix(3).description, "month": Moment.months[index], "count": count,
                "x": index * 50 + 5, "middle": index * 50 + 25, "height": height, "y": 110 - height,
                "isEmpty": count == 0,
            ]
        }
        var values: PageRenderer.Values = [
            "year": year, "read": report.figures.read, "added": report.figures.added,
            "reviews": report.figures.reviews, "readers": report.figures.readers, "bars": bars,
            "hasBooks": report.figures.read > 0, "mostRead": report.mostRead.map(Self.count),
            "subjects": report.subjects.map(Self.count), "languages": report.languages.map(Self.count),
        ]
        values["readWord"] = report.figures.read == 1 ? "book read" : "books read"
        values["addedWord"] = report.figures.added == 1 ? "book added" : "books added"
        values["reviewWord"] = report.figures.reviews == 1 ? "review" : "reviews"
        values["readerWord"] = report.figures.readers == 1 ? "reader" : "readers"
        if year > 1970 { values["before"] = year - 1 }
        if year < Moment.now.year { values["after"] = year + 1 }
        return renderer.page("report", title: "The year \(year) in books", values, context: context)
    }

    private static func count(_ count: Count) -> PageRenderer.Values {
        ["name": count.name, "count": count.count]
    }
}
