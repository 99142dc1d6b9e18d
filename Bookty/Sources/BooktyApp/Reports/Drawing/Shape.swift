/// What a poster is made of, in pixels from the upper left corner.
enum Shape {
    /// A box with rounded corners, coloured from left to right.
    case box(Box, radius: Float, from: Colour, to: Colour)
    /// A straight line with round ends.
    case line(Point, Point, width: Float, Colour)

    /// The rows it touches.
    var rows: ClosedRange<Float> {
        switch self {
        case .box(let box, _, _, _): box.top - 1...box.bottom + 1
        case .line(let start, let end, let width, _):
            min(start.y, end.y) - width...max(start.y, end.y) + width
        }
    }
}

struct Point {
    var x: Float
    var y: Float
}

struct Box {
    var left: Float
    var top: Float
    var width: Float
    var height: Float

    var right: Float { left + width }
    var bottom: Float { top + height }
}
