package import NIOCore
import Synchronization

#if canImport(CMalloc)
import CMalloc
#endif

/// Makes the poster of a year.
///
/// A poster is drawn in a bitmap of 8 MiB, which is held from the first read of the database to the last compressed
/// row. Between bands the task steps back, so that a hundred posters advance together instead of one after the other:
/// no visitor waits for the whole of another's poster, and the memory of all of them is held at the same time. Bookty
/// sets no limit of its own here. How many one server can hold is for the balancer to find out.
package final class PosterStudio: Sendable {
    package static let width = 1024
    package static let height = 2048
    private static let bandHeight = 64

    private let reports: YearReports
    private let atWork = Mutex(0)

    package init(reports: YearReports) {
        self.reports = reports
    }

    /// The poster as a PNG. Throws `Problem.busy` without memory, and `DatabaseError`.
    package func poster(of year: Int, madeBy server: String) async throws -> ByteBuffer {
        atWork.withLock { $0 += 1 }
        defer { leave() }
        let bitmap = try Bitmap(width: Self.width, height: Self.height, colour: PosterPalette.paper)
        var report = YearReport(year: year)
        report.figures = try await reports.figures(year)
        report.months = try await reports.months(year)
        report.mostRead = try await reports.mostRead(year)
        report.subjects = try await reports.subjects(year)
        report.spines = try await reports.spines(year)
        let painter = Painter(shapes: PosterLayout(report: report, server: server).shapes())
        for top in stride(from: 0, to: Self.height, by: Self.bandHeight) {
            try Task.checkCancellation()
            painter.paint(into: bitmap, rows: top..<min(top + Self.bandHeight, Self.height))
            await Task.yield()
        }
        let encoder = try PNGEncoder(width: Self.width, height: Self.height)
        for y in 0..<Self.height {
            bitmap.withRow(y) { encoder.add(row: $0) }
            if y % Self.bandHeight == 0 { await Task.yield() }
        }
        return ByteBuffer(bytes: encoder.finish())
    }

    /// After the last of a batch, gives memory that was used around the bitmaps back to the system.
    private func leave() {
        let isLast = atWork.withLock { count in
            count -= 1
            return count == 0
        }
        #if canImport(CMalloc)
        if isLast { malloc_trim(0) }
        #endif
    }
}
