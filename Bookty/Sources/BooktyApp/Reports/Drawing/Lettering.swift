import Foundation

/// Sets text in the poster's letters and gives it as lines to paint.
struct Lettering {
    /// The height of a capital in pixels.
    let size: Float
    /// The width of a stroke in pixels.
    let weight: Float
    let colour: Colour
    /// Reads from top to bottom, as on a book's spine.
    var isUpright = false

    /// Degrees per stroke of an arc: large letters need finer ones to look round.
    private var arcStep: Float { size > 30 ? 6 : 18 }

    private var scale: Float { size / Alphabet.height }

    /// Capitals without accents: all that the alphabet has.
    static func plain(_ text: String) -> String {
        text.replacing("ß", with: "ss").replacing("ø", with: "o").replacing("Ø", with: "O").replacing("’", with: "'")
            .replacing("–", with: "-")
            .folding(options: .diacriticInsensitive, locale: nil)
            .uppercased()
    }

    func scaled(by factor: Float, weight: Float? = nil) -> Lettering {
        Lettering(size: size * factor, weight: weight ?? self.weight, colour: colour, isUpright: isUpright)
    }

    /// The width of `text` in pixels.
    func width(of text: String) -> Float {
        text.reduce(-Alphabet.spacing * scale) { $0 + advance($1) }
    }

    /// `text` cut to at most `width` pixels, at the end of a word where possible.
    func fitted(_ text: String, to width: Float) -> String {
        guard self.width(of: text) > width else { return text }
        var words = text.split(separator: " ")
        while words.count > 1, self.width(of: words.joined(separator: " ")) > width {
            words.removeLast()
        }
        var cut = words.joined(separator: " ")
        while !cut.isEmpty, self.width(of: cut) > width {
            cut.removeLast()
        }
        return cut
    }

    /// The strokes of `text` with its upper left corner at `origin`; upright text begins there and runs downwards.
    func shapes(_ text: String, at origin: Point) -> [Shape] {
        var shapes: [Shape] = []
        var pen: Float = 0
        for character in text {
            if let glyph = Alphabet.glyph(character) {
                for (start, end) in GlyphPath.segments(of: glyph.path, arcStep: arcStep) {
                    shapes.append(.line(place(start, pen, origin), place(end, pen, origin), width: weight, colour))
                }
            }
            pen += advance(character)
        }
        return shapes
    }

    private func advance(_ character: Character) -> Float {
        let width = Alphabet.glyph(character)?.width ?? Alphabet.spaceWidth
        return (width + Alphabet.spacing) * scale
    }

    private func place(_ point: Point, _ pen: Float, _ origin: Point) -> Point {
        let along = pen + point.x * scale
        let down = point.y * scale
        return isUpright
            ? Point(x: origin.x + size - down, y: origin.y + along) : Point(x: origin.x + along, y: origin.y + down)
    }
}

/// Reads the small path language of `Alphabet`.
enum GlyphPath {
    /// The strokes of a path; arcs become strokes of `arcStep` degrees.
    static func segments(of path: String, arcStep: Float) -> [(Point, Point)] {
        var segments: [(Point, Point)] = []
        var pen: Point?
        var words = path.split(separator: " ")[...]
        while let command = words.popFirst() {
            switch command {
            case "M":
                pen = point(&words)
            case "N":
                pen = nil
            case "L":
                let end = point(&words)
                if let pen { segments.append((pen, end)) }
                pen = end
            default:
                for next in arc(&words, arcStep) {
                    if let pen { segments.append((pen, next)) }
                    pen = next
                }
            }
        }
        return segments
    }

    private static func arc(_ words: inout ArraySlice<Substring>, _ arcStep: Float) -> [Point] {
        let (middle, radius) = (point(&words), point(&words))
        let (from, to) = (number(&words), number(&words))
        let steps = max(1, Int(abs(to - from) / arcStep))
        return (0...steps).map { step in
            let angle = (from + (to - from) * Float(step) / Float(steps)) * .pi / 180
            return Point(x: middle.x + radius.x * cosf(angle), y: middle.y + radius.y * sinf(angle))
        }
    }

    private static func point(_ words: inout ArraySlice<Substring>) -> Point {
        let x = number(&words)
        return Point(x: x, y: number(&words))
    }

    private static func number(_ words: inout ArraySlice<Substring>) -> Float {
        words.popFirst().flatMap { Float($0) } ?? 0
    }
}
