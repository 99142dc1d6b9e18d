import BooktyApp
import Foundation
import HTTPTypes
import Testing

@Suite("Yearly report")
struct ReportTests {
    @Test("The poster is a sound PNG of 1024 × 2048 pixels")
    func poster() async throws {
        let site = try Site("web-01", try DataFile())
        let answer = try await site.send(.get, "/reports/2026/poster.png")
        #expect(answer.status == 200)
        #expect(answer.field("Content-Type") == "image/png")
        let picture = try #require(PNGFile(answer.bytes))
        #expect(picture.width == PosterStudio.width && picture.height == PosterStudio.height)
        #expect(picture.chunks.first == "IHDR" && picture.chunks.last == "IEND")
        #expect(picture.chunks.contains("IDAT"))
    }

    @Test("The report counts what readers did in its year and in no other")
    func figures() async throws {
        let site = try Site("web-01", try DataFile())
        let session = try await site.signUp("ada")
        _ = try await site.json(.put, "/api/shelf/3", #"{"state":"read"}"#, session: session)
        _ = try await site.json(.put, "/api/books/3/review", #"{"stars":4,"body":"Good."}"#, session: session)
        let reports = YearReports(storage: site.storage)
        let year = Calendar(identifier: .gregorian).component(.year, from: Date())
        let report = try await reports.report(year)
        #expect(report.figures.read == 1 && report.figures.reviews == 1 && report.figures.meanStars == 4)
        #expect(report.months.reduce(0, +) == 1)
        #expect(try await reports.report(year - 1).figures == YearReport.Figures())
    }
}

/// The outer form of a PNG: its size and the kinds of its chunks, whose lengths must add up.
private struct PNGFile {
    let width: Int
    let height: Int
    let chunks: [String]

    init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), bytes.count > 33 else { return nil }
        func number(_ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
        var (position, chunks) = (8, [String]())
        while position + 12 <= bytes.count {
            chunks.append(String(decoding: bytes[position + 4..<position + 8], as: UTF8.self))
            position += 12 + number(position)
        }
        guard position == bytes.count else { return nil }
        self.chunks = chunks
        width = number(16)
        height = number(20)
    }
}
