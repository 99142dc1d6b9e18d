import BookendCore
import Testing

@testable import BookendConfig

@Suite("Lengths of time and sizes")
struct UnitTests {
    @Test(
        "A whole number and a unit are read exactly",
        arguments: [
            ("250ms", 250_000_000), ("10s", 10_000_000_000), ("5m", 300_000_000_000), ("1h", 3_600_000_000_000),
            ("0s", 0),
            ("0", 0), ("2562047h", 9_223_369_200_000_000_000),
        ])
    func timeSpans(_ text: String, _ nanoseconds: Int64) {
        #expect(TimeSpan.parse(text) == .success(TimeSpan(nanoseconds: nanoseconds)))
    }

    @Test(
        "A wrong unit is refused with what was probably meant",
        arguments: [
            ("10 sec", "10s"), ("10 s", "10s"), ("10S", "10s"), ("1.5s", "1500ms"), ("0.5h", "30m"), ("30", "30s"),
            ("90min", "90m"), ("120 seconds", "2m"), ("1_000", nil), ("1d", nil), ("-1s", nil), ("s", nil), ("", nil),
            ("1.0001s", nil), ("2562048h", nil), ("99999999999999999999s", nil), ("١s", nil), ("1.s", nil),
        ] as [(String, String?)])
    func wrongTimeSpans(_ text: String, _ meant: String?) {
        guard case .failure(let problem) = TimeSpan.parse(text) else {
            Issue.record("\(text) was taken")
            return
        }
        #expect(problem.meant == meant)
    }

    @Test(
        "Sizes are binary and say so",
        arguments: [
            ("512B", 512), ("64KiB", 65_536), ("256MiB", 268_435_456), ("1GiB", 1_073_741_824), ("0", 0),
        ])
    func sizes(_ text: String, _ bytes: Int) {
        #expect(ByteCount.parse(text) == .success(ByteCount(bytes: bytes)))
    }

    @Test(
        "A decimal or a short unit is refused with the binary one",
        arguments: [
            ("64KB", "64KiB"), ("64kb", "64KiB"), ("64k", "64KiB"), ("256M", "256MiB"), ("256 MiB", "256MiB"),
            ("1.5GiB", "1536MiB"), ("100", "100MiB"), ("1TiB", nil), ("8589934592GiB", nil), ("half", nil),
        ] as [(String, String?)])
    func wrongSizes(_ text: String, _ meant: String?) {
        guard case .failure(let problem) = ByteCount.parse(text) else {
            Issue.record("\(text) was taken")
            return
        }
        #expect(problem.meant == meant)
    }

    @Test("What is printed is read back", arguments: [1, 999, 1_000, 60_000, 86_400_000, 90_061_001] as [Int64])
    func printed(_ milliseconds: Int64) {
        let span = TimeSpan.milliseconds(milliseconds)
        #expect(TimeSpan.parse(span.description) == .success(span))
        let size = ByteCount.kibibytes(Int(milliseconds))
        #expect(ByteCount.parse(size.description) == .success(size))
    }
}
