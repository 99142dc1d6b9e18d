import Testing

@testable import BookendControl

@Suite("Metrics as text")
struct MetricsTextTests {
    @Test("Values are numbers as Prometheus reads them, labels are escaped")
    func samples() {
        var text = MetricsText()
        text.metric("in_flight", .gauge, "Requests in flight.")
        text.sample(MetricLabels("server", "a\"b\\c\nd"), 3)
        text.sample(.none, 0.5)
        text.sample(MetricLabels("x", "y").and("z", ""), Double.infinity)
        #expect(
            String(decoding: text.bytes, as: UTF8.self) == """
                # HELP bookend_in_flight Requests in flight.
                # TYPE bookend_in_flight gauge
                bookend_in_flight{server="a\\"b\\\\c\\nd"} 3
                bookend_in_flight 0.5
                bookend_in_flight{x="y",z=""} +Inf

                """)
    }

    @Test("Whole numbers have no fraction, and no number is too large")
    func numbers() {
        #expect(MetricsText.number(0) == "0" && MetricsText.number(1e9) == "1000000000")
        #expect(MetricsText.number(-2.5) == "-2.5" && MetricsText.number(1e300) == "1e+300")
    }
}
