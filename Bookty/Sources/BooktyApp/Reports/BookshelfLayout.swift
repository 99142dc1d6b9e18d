/// The whole catalogue as books on shelves, earliest first; those that were read in the year stand in colour.
struct BookshelfLayout {
    let frame: Box
    let spines: [YearReport.Spine]

    private static let shelfCount = 8
    private static let boardHeight: Float = 8

    func shapes() -> [Shape] {
        let perShelf = max(1, (spines.count + Self.shelfCount - 1) / Self.shelfCount)
        let shelfHeight = frame.height / Float(Self.shelfCount)
        return (0..<Self.shelfCount).flatMap { shelf -> [Shape] in
            let base = frame.top + shelfHeight * Float(shelf + 1) - Self.boardHeight
            let start = min(shelf * perShelf, spines.count)
            let end = min(start + perShelf, spines.count)
            return board(base) + row(spines[start..<end], perShelf: perShelf, base: base, room: shelfHeight - 14)
        }
    }

    private func board(_ top: Float) -> [Shape] {
        let box = Box(left: frame.left - 12, top: top, width: frame.width + 24, height: Self.boardHeight)
        return [.box(box, radius: 1.5, from: PosterPalette.wood, to: PosterPalette.woodShadow)]
    }

    private func row(_ spines: ArraySlice<YearReport.Spine>, perShelf: Int, base: Float, room: Float) -> [Shape] {
        let step = frame.width / Float(perShelf)
        return spines.enumerated().flatMap { index, spine in
            let mark = Self.mark(of: spine.title)
            let height = room * (0.78 + 0.18 * Float(mark % 97) / 96)
            let width = step - 1.5 - Float(mark / 97 % 5)
            let left = frame.left + step * Float(index)
            return draw(spine, mark: mark, in: Box(left: left, top: base - height, width: width, height: height))
        }
    }

    private func draw(_ spine: YearReport.Spine, mark: Int, in box: Box) -> [Shape] {
        let isRead = spine.reads > 0
        let cloth = PosterPalette.cloths[mark % PosterPalette.cloths.count]
        let colour = isRead ? cloth : PosterPalette.faint.mixed(with: cloth, 0.22)
        let (light, dark) = (colour.mixed(with: PosterPalette.paper, 0.18), colour.mixed(with: PosterPalette.ink, 0.14))
        let band = Box(left: box.left, top: box.bottom - 9, width: box.width, height: 1.6)
        let bandColour = isRead ? PosterPalette.gold : PosterPalette.soft
        return [.box(box, radius: 2, from: light, to: dark), .box(band, radius: 0, from: bandColour, to: bandColour)]
            + title(spine.title, in: box, colour: isRead ? PosterPalette.paper : PosterPalette.soft.darker)
    }

    /// The title without its article: on one line if it fits, otherwise on two in smaller letters, as much as fits.
    private func title(_ title: String, in box: Box, colour: Colour) -> [Shape] {
        let plain = Lettering.plain(title)
        let article = ["THE ", "A ", "AN "].first(where: plain.hasPrefix) ?? ""
        let words = String(plain.dropFirst(article.count))
        let room = box.height - 24
        let large = Lettering(size: min(8, box.width * 0.42), weight: 1.05, colour: colour, isUpright: true)
        let share = room / max(large.width(of: words), room)
        let isShort = share >= Self.smallest || !words.contains(" ")
        let lettering = isShort ? large.scaled(by: share) : large.scaled(by: Self.smallest, weight: 0.85)
        let lines = isShort ? [words] : Self.lines(of: words, lettering, room: room)
        // Read from top to bottom, the first line is the one on the right.
        let step = lettering.size * 1.6
        let left = box.left + (box.width - lettering.size - step * Float(lines.count - 1)) / 2
        return lines.enumerated().flatMap { index, line in
            let x = left + step * Float(lines.count - 1 - index)
            return lettering.shapes(line, at: Point(x: x, y: box.top + 8))
        }
    }

    /// Letters may shrink to this share before a title goes over two lines.
    private static let smallest: Float = 0.7

    private static func lines(of words: String, _ lettering: Lettering, room: Float) -> [String] {
        var first = lettering.fitted(words, to: room)
        if !words.dropFirst(first.count).hasPrefix(" ") { first = String(words.prefix { $0 != " " }) }
        let rest = words.dropFirst(first.count).drop { $0 == " " }
        let second = withoutLooseEnd(lettering.fitted(String(rest), to: room))
        return [first, second].filter { !$0.isEmpty }
    }

    /// A cut title should not end in a word that points at what was cut.
    private static func withoutLooseEnd(_ text: String) -> String {
        var words = text.split(separator: " ")
        while words.count > 1, let last = words.last, looseWords.contains(last) {
            words.removeLast()
        }
        return words.joined(separator: " ")
    }

    private static let looseWords: Set<Substring> = [
        "OF", "AND", "THE", "A", "AN", "ON", "IN", "TO", "WITH", "FROM", "UNDER", "AS", "FOR",
    ]

    /// The same number for the same title on every server and day (FNV-1a).
    private static func mark(of title: String) -> Int {
        Int(title.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 } >> 1)
    }
}
