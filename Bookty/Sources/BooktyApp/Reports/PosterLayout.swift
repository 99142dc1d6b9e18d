/// Where everything stands on the poster, from the top: the year, four figures, the months, two lists, the shelves.
struct PosterLayout {
    let report: YearReport
    let server: String

    private static let margin: Float = 64
    private static let inner = Float(PosterStudio.width) - 2 * margin

    func shapes() -> [Shape] {
        heading() + figures() + months() + lists() + shelves() + footing()
    }

    private func heading() -> [Shape] {
        let small = Lettering(size: 20, weight: 2.4, colour: PosterPalette.accent)
        let large = Lettering(size: 150, weight: 15, colour: PosterPalette.ink)
        return small.shapes("THE YEAR IN BOOKS", at: Point(x: Self.margin, y: 64))
            + large.shapes("\(report.year)", at: Point(x: Self.margin + 8, y: 116))
            + [rule(y: 310)]
    }

    private func figures() -> [Shape] {
        let figures = report.figures
        let values = [
            ("BOOKS READ", figures.read), ("BOOKS ADDED", figures.added), ("REVIEWS", figures.reviews),
            ("READERS", figures.readers),
        ]
        let number = Lettering(size: 44, weight: 5, colour: PosterPalette.accent)
        let label = Lettering(size: 13, weight: 1.7, colour: PosterPalette.soft)
        return values.enumerated().flatMap { index, value in
            let x = Self.margin + Self.inner / 4 * Float(index)
            return number.shapes("\(value.1)", at: Point(x: x + 3, y: 342))
                + label.shapes(value.0, at: Point(x: x, y: 404))
        }
    }

    private func months() -> [Shape] {
        let names = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
        let label = Lettering(size: 11, weight: 1.5, colour: PosterPalette.soft)
        let most = Float(max(report.months.max() ?? 0, 1))
        let (step, base, tallest): (Float, Float, Float) = (Self.inner / 12, 590, 110)
        return zip(names, report.months).enumerated().flatMap { index, month in
            let x = Self.margin + step * Float(index)
            let height = max(4, tallest * Float(month.1) / most)
            let colour = month.1 > 0 ? PosterPalette.accent : PosterPalette.faint
            let bar = Box(left: x, top: base - height, width: step - 16, height: height)
            return [.box(bar, radius: 2, from: colour, to: colour.mixed(with: PosterPalette.ink, 0.12))]
                + label.shapes(month.0, at: Point(x: x, y: base + 12))
        }
    }

    private func lists() -> [Shape] {
        list("MOST READ", report.mostRead, left: Self.margin)
            + list("SUBJECTS", report.subjects, left: Self.margin + Self.inner / 2 + 16)
    }

    private func list(_ title: String, _ counts: [Count], left: Float) -> [Shape] {
        let heading = Lettering(size: 13, weight: 1.8, colour: PosterPalette.accent)
        let entry = Lettering(size: 14, weight: 1.7, colour: PosterPalette.ink)
        let soft = Lettering(size: 14, weight: 1.7, colour: PosterPalette.soft)
        let width = Self.inner / 2 - 16
        var shapes = heading.shapes(title, at: Point(x: left, y: 654))
        if counts.isEmpty { shapes += soft.shapes("NOTHING YET", at: Point(x: left, y: 690)) }
        for (index, count) in counts.enumerated() {
            let y = 690 + 28 * Float(index)
            let number = "\(count.count)"
            let numberWidth = entry.width(of: number)
            let name = entry.fitted(Lettering.plain(count.name), to: width - numberWidth - 20)
            shapes += entry.shapes(name, at: Point(x: left, y: y))
            shapes += soft.shapes(number, at: Point(x: left + width - numberWidth, y: y))
        }
        return shapes
    }

    private func shelves() -> [Shape] {
        BookshelfLayout(
            frame: Box(left: Self.margin, top: 940, width: Self.inner, height: 1010), spines: report.spines
        ).shapes()
    }

    private func footing() -> [Shape] {
        let small = Lettering(size: 11, weight: 1.4, colour: PosterPalette.soft)
        let note = "BOOKS READ THIS YEAR STAND IN COLOUR"
        let maker = small.fitted("BOOKTY / " + Lettering.plain(server), to: Self.inner / 2)
        let right = Self.margin + Self.inner - small.width(of: maker)
        return small.shapes(note, at: Point(x: Self.margin, y: 1996))
            + small.shapes(maker, at: Point(x: right, y: 1996))
    }

    private func rule(y: Float) -> Shape {
        let box = Box(left: Self.margin, top: y, width: Self.inner, height: 2)
        return .box(box, radius: 0, from: PosterPalette.ink, to: PosterPalette.ink)
    }
}
