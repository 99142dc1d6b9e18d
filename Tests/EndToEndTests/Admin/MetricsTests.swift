import Foundation
import Testing

@Suite("Metrics")
struct MetricsTests {
    @Test("They are read by Prometheus' rules, and count what happened")
    func scrape() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin("web-01"), try stage.origin("web-02")])
            for _ in 0..<10 { #expect(try bookend.ask().status == 200) }
            try eventually("they are counted") { try bookend.status().servers.reduce(0) { $0 + $1.requests } == 10 }
            let answer = try bookend.ask(admin: "/metrics")
            #expect(answer.status == 200 && answer["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            let scrape = try Scrape(answer.text)
            let labels = ["pool": "main", "server": "web-01"]
            #expect(scrape["bookend_requests_total", labels.merging(["code": "2xx"]) { $1 }] == 5)
            #expect(scrape["bookend_requests_total", labels.merging(["code": "5xx"]) { $1 }] == 0)
            #expect(scrape["bookend_request_duration_seconds_count", labels] == 5)
            #expect(scrape["bookend_in_flight", labels] == 0)
            let states = scrape.all("bookend_server_state").filter { $0.labels["server"] == "web-01" }
            #expect(states.count == 5 && states.map(\.value).reduce(0, +) == 1)
            #expect(scrape["bookend_connections", ["side": "client"]] != nil)
            for name in [
                "requests_total", "request_duration_seconds", "in_flight", "cap", "queue_depth", "shed_total",
                "server_state", "server_memory_bytes", "server_memory_limit_bytes", "connections",
            ] {
                #expect(scrape.kinds["bookend_\(name)"] != nil, "\(name)")
            }
        }
    }

    @Test("The number of series follows the configuration, not the traffic")
    func bounded() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin("web-01")])
            func series() throws -> Int { try Scrape(bookend.ask(admin: "/metrics").text).samples.count }
            let before = try series()
            for index in 0..<50 { _ = try bookend.ask("M\(index)", "/path\(index)", "X-Y\(index): z\r\n") }
            try eventually("they are counted") { try bookend.status().servers[0].requests == 50 }
            #expect(try series() == before)
        }
    }
}

/// A scrape in Prometheus' text format, read strictly.
struct Scrape {
    struct Sample {
        let name: String
        let labels: [String: String]
        let value: Double
    }

    private(set) var samples: [Sample] = []
    /// By the metric's name.
    private(set) var kinds: [String: String] = [:]

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Failure("the last line has no end") }
        var helped: Set<String> = []
        var seen: Set<String> = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if let match = line.wholeMatch(of: #/# (HELP|TYPE) ([a-z_]+) (.+)/#) {
                let name = String(match.2)
                if match.1 == "HELP" {
                    guard helped.insert(name).inserted else { throw Failure("HELP of \(name) twice") }
                } else {
                    guard helped.contains(name), kinds[name] == nil,
                        ["counter", "gauge", "histogram"].contains(match.3)
                    else { throw Failure("TYPE of \(name)") }
                    kinds[name] = String(match.3)
                }
            } else {
                let sample = try Self.sample(line)
                guard seen.insert("\(sample.name) \(sample.labels.sorted { $0.key < $1.key })").inserted else {
                    throw Failure("twice: \(line)")
                }
                samples.append(sample)
            }
        }
        try check()
    }

    private static func sample(_ line: Substring) throws -> Sample {
        guard let match = line.wholeMatch(of: #/([a-z_]+)(?:\{([^{}]*)\})? (\S+)/#),
            let value = match.3 == "+Inf" ? .infinity : Double(match.3)
        else { throw Failure("no sample: \(line)") }
        var labels: [String: String] = [:]
        for pair in (match.2 ?? "").split(separator: ",") {
            guard let parts = pair.wholeMatch(of: #/([a-z_]+)="([^"\\]*)"/#) else { throw Failure("no label: \(line)") }
            labels[String(parts.1)] = String(parts.2)
        }
        return Sample(name: String(match.1), labels: labels, value: value)
    }

    /// Each sample belongs to a metric; counters count up; a histogram's buckets grow up to its count.
    private func check() throws {
        for sample in samples {
            var name = sample.name
            if kinds[name] == nil {
                for suffix in ["_bucket", "_sum", "_count"] where name.hasSuffix(suffix) {
                    name = String(name.dropLast(suffix.count))
                }
            }
            guard let kind = kinds[name] else { throw Failure("\(sample.name) has no TYPE") }
            guard (kind == "histogram") == (name != sample.name) else { throw Failure("\(sample.name) is a \(kind)") }
            if kind == "counter" {
                guard name.hasSuffix("_total"), sample.value >= 0 else { throw Failure("counter \(name)") }
            }
        }
        for (name, kind) in kinds where kind == "histogram" {
            for count in all(name + "_count") {
                let buckets = all(name + "_bucket").filter { bucket in
                    count.labels.allSatisfy { bucket.labels[$0.key] == $0.value }
                }
                let ends = buckets.compactMap { Double($0.labels["le"]?.replacing("+Inf", with: "inf") ?? "") }
                let values = buckets.map(\.value)
                guard ends.count == buckets.count, ends == ends.sorted(), ends.last == .infinity,
                    values == values.sorted(), values.last == count.value
                else { throw Failure("the histogram \(name) of \(count.labels)") }
            }
        }
    }

    func all(_ name: String) -> [Sample] { samples.filter { $0.name == name } }

    subscript(_ name: String, _ labels: [String: String]) -> Double? {
        all(name).first { $0.labels == labels }?.value
    }
}
