import BookendHTTP
import Testing

@Suite("endpoint-load-metrics")
struct LoadMetricsTests {
    private func read(_ text: String) -> LoadMetrics? {
        let bytes = Array(text.utf8)
        return LoadMetrics(Slice(start: 0, count: UInt32(bytes.count)), in: bytes.span)
    }

    @Test(
        "Text and JSON say the same, whoever writes them",
        arguments: [
            "TEXT mem_utilization=0.3, cpu_utilization=1.25", "mem_utilization=0.3,cpu_utilization=1.25",
            "text cpu_utilization: 1.25 ,mem_utilization : 3e-1, named_metrics.queue=4, rps_fractional=12.5,",
            "JSON {\"cpu_utilization\": 1.25, \"mem_utilization\": 0.30}",
            "JSON { \"cpuUtilization\":1.25,\"memUtilization\":30E-2 , \"rps\":\"12\", \"x\":null, \"y\":true }",
            "{\"named_metrics\": {\"a\\\"}\": [1, {\"b\": 2}]}, \"mem_utilization\": 0.3, \"cpu_utilization\": 1.25}",
        ])
    func forms(_ text: String) throws {
        let metrics = try #require(read(text), "\(text)")
        #expect(metrics.memory.map { abs($0 - 0.3) < 1e-12 } == true && metrics.cpu == 1.25, "\(metrics)")
        #expect(metrics.application == nil)
    }

    @Test("What is not there is not known, and what is not known is no error")
    func partial() {
        #expect(read("TEXT application_utilization=0.5")?.application == 0.5)
        #expect(read("TEXT application_utilization=0.5")?.memory == nil)
        #expect(read("JSON {}") == read("JSON {\"eps\": 0}") && read("JSON {}")?.cpu == nil)
        #expect(read("TEXT named_metrics.kv_cache_utilization=0.4") != nil)
    }

    @Test(
        "Half understood is not acted on",
        arguments: [
            "", "TEXT", "TEXT ", "JSON", "BIN CZqZmZmZmbk/", "mem_utilization", "mem_utilization=", "=0.3",
            "mem_utilization=30%", "mem_utilization=0.3 0.4", "mem_utilization=nan", "mem_utilization=inf",
            "mem_utilization=1.5", "mem_utilization=-0.1", "mem_utilization=75", "cpu_utilization=1e999",
            "mem_utilization=0.3;cpu_utilization=0.2", "JSON {", "JSON {\"mem_utilization\": 0.3",
            "JSON {\"mem_utilization\": 0.3,}", "JSON {\"mem_utilization\": .3}", "JSON {\"mem_utilization\": 0.3}}",
            "JSON {mem_utilization: 0.3}", "JSON [0.3]", "JSON {\"a\": [}", "JSON {\"a\\", "JSON {\"a\":\"\\",
            "JSON {\"mem_utilization\": 1.}", "JSON {\"mem_utilization\": 1e}",
        ])
    func malformed(_ text: String) {
        #expect(read(text) == nil)
    }

    @Test("Neither length nor depth takes time or memory")
    func bounded() {
        #expect(read("TEXT " + String(repeating: "a=1,", count: 2_000)) == nil)
        #expect(read("JSON {\"a\": " + String(repeating: "[", count: 4_000)) == nil)
        #expect(read("mem_utilization=0." + String(repeating: "3", count: 300))?.memory != nil)
    }

    @Test("Nothing that a server sends stops the program")
    func hostile() {
        var random: UInt64 = 1
        func next(_ bound: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(random >> 33) % bound
        }
        let words = [
            "TEXT ", "JSON ", "{", "}", "[", "]", "\"", "\\", ":", "=", ",", "mem_utilization", "0", ".", "e", "-", "+",
            "999999999999999999999", "\"mem_utilization\"", " ", "\t", "null",
        ]
        for _ in 0..<20_000 {
            var bytes: [UInt8] = []
            for _ in 0..<next(16) {
                if next(5) == 0 { bytes.append(UInt8(next(256))) } else { bytes += words[next(words.count)].utf8 }
            }
            let metrics = LoadMetrics(Slice(start: 0, count: UInt32(bytes.count)), in: bytes.span)
            if let memory = metrics?.memory { #expect((0...1).contains(memory)) }
        }
    }
}
