/// Paints shapes, one band of rows at a time.
///
/// Edges are smooth: a pixel's coverage follows from its distance to the shape's edge.
struct Painter {
    let shapes: [Shape]

    /// Paints the part of every shape that lies in `rows`, in the order of the list.
    func paint(into bitmap: Bitmap, rows: Range<Int>) {
        for shape in shapes {
            let extent = shape.rows
            guard extent.upperBound >= Float(rows.lowerBound), extent.lowerBound <= Float(rows.upperBound) else {
                continue
            }
            let part = max(rows.lowerBound, Int(extent.lowerBound))..<min(rows.upperBound, Int(extent.upperBound) + 1)
            guard !part.isEmpty else { continue }
            switch shape {
            case .box(let box, let radius, let from, let to):
                Self.paint(box, radius: radius, from: from, to: to, into: bitmap, rows: part)
            case .line(let start, let end, let width, let colour):
                Self.paint(from: start, to: end, width: width, colour, into: bitmap, rows: part)
            }
        }
    }

    private static func paint(
        _ box: Box, radius: Float, from: Colour, to: Colour, into bitmap: Bitmap, rows: Range<Int>
    ) {
        let middle = Point(x: box.left + box.width / 2, y: box.top + box.height / 2)
        let half = Point(x: box.width / 2 - radius, y: box.height / 2 - radius)
        for x in Int(box.left) - 1...Int(box.right) + 1 {
            let colour = from.mixed(with: to, min(max((Float(x) + 0.5 - box.left) / box.width, 0), 1))
            let across = abs(Float(x) + 0.5 - middle.x) - half.x
            for y in rows {
                let down = abs(Float(y) + 0.5 - middle.y) - half.y
                let outside = (max(across, 0) * max(across, 0) + max(down, 0) * max(down, 0)).squareRoot()
                let distance = outside + min(max(across, down), 0) - radius
                bitmap.blend(colour, x: x, y: y, coverage: 0.5 - distance)
            }
        }
    }

    private static func paint(
        from start: Point, to end: Point, width: Float, _ colour: Colour, into bitmap: Bitmap, rows: Range<Int>
    ) {
        let (dx, dy) = (end.x - start.x, end.y - start.y)
        let length = dx * dx + dy * dy
        let left = Int(min(start.x, end.x) - width) - 1
        let right = Int(max(start.x, end.x) + width) + 1
        for y in rows {
            for x in left...right {
                let (px, py) = (Float(x) + 0.5 - start.x, Float(y) + 0.5 - start.y)
                let along = length > 0 ? min(max((px * dx + py * dy) / length, 0), 1) : 0
                let (ex, ey) = (px - along * dx, py - along * dy)
                let distance = (ex * ex + ey * ey).squareRoot() - width / 2
                bitmap.blend(colour, x: x, y: y, coverage: 0.5 - distance)
            }
        }
    }
}
