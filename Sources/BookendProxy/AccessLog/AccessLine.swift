import BookendConfig
import BookendCore
import BookendHTTP
import BookendLoop

/// Writes one exchange as a line of the access log.
struct AccessLine {
    let exchange: Exchange
    let client: ClientConnection
    let now: Moment

    /// Bytes of a line at most: method, host, target, referer and user agent, whose escaped bytes take six, and the rest.
    static let bound = 5 * 6 * Limits.logField + 2_048

    func write(_ format: AccessLog.Format, to output: inout OutputSpan<UInt8>) {
        exchange.head.withBytes { head in
            switch format {
            case .json: writeJSON(head, &output)
            case .combined: writeCombined(head, &output)
            }
        }
    }

    private var record: AccessRecord { exchange.record }
    private var time: CivilTime { exchange.worker.clock.time(at: record.began) }

    private func writeJSON(_ head: Span<UInt8>, _ output: inout OutputSpan<UInt8>) {
        output.append("{\"time\":\"")
        time.appendTimestamp(to: &output)
        output.append("\",\"client\":\"")
        client.peer.append(to: &output)
        output.append("\"")
        if !head.isEmpty {
            append("method", exchange.request.methodText, head, &output)
            append("host", exchange.request.host, head, &output)
            append("target", exchange.request.target, head, &output)
        }
        output.append(",\"status\":")
        output.appendDecimal(UInt64(record.status))
        output.append(",\"bytes_in\":")
        output.appendDecimal(UInt64(head.count) &+ exchange.upload.bodyBytes)
        output.append(",\"bytes_out\":")
        output.appendDecimal(exchange.download.sentBytes)
        append("duration_ms", now - record.began, &output)
        if let responded = record.responded { append("first_byte_ms", responded - record.began, &output) }
        if let server = record.server {
            let plan = exchange.worker.plan
            output.append(",\"pool\":\"")
            output.append(plan.pools[plan.servers[server.index].pool.index].pool.name.utf8.span)
            output.append("\",\"server\":\"")
            output.append(plan.servers[server.index].name.utf8.span)
            output.append("\"")
        }
        output.append(",\"tries\":")
        output.appendDecimal(UInt64(record.tries))
        if record.tries > 0 { writeChoice(&output) }
        if let failure = record.failure {
            output.append(",\"failure\":\"")
            output.append(failure.rawValue.utf8.span)
            output.append("\"")
        }
        writeAdmission(&output)
        output.append(",\"request_id\":\"")
        record.writeIDText(head, to: &output)
        output.append("\"")
        if !head.isEmpty {
            if let value = exchange.request.value(of: .referer) { append("referer", value, head, &output) }
            if let value = exchange.request.value(of: .userAgent) { append("user_agent", value, head, &output) }
        }
        output.append("}\n")
    }

    /// How much it mattered, unless as most do, and why there was no place for it.
    private func writeAdmission(_ output: inout OutputSpan<UInt8>) {
        if record.priority != .normal {
            output.append(",\"priority\":\"")
            output.append(record.priority.name.utf8.span)
            output.append("\"")
        }
        if let shed = record.shed {
            output.append(",\"shed\":\"")
            output.append(shed.name.utf8.span)
            output.append("\"")
        }
    }

    /// Why the server was chosen, and what became of those that were tried before.
    private func writeChoice(_ output: inout OutputSpan<UInt8>) {
        output.append(",\"choice\":\"")
        output.append(record.choice.rawValue.utf8.span)
        output.append("\"")
        for index in record.misses.indices {
            guard let (server, miss) = record.misses[index] else { break }
            output.append(index == 0 ? ",\"tried\":[\"" : ",\"")
            output.append(exchange.worker.plan.servers[server.index].name.utf8.span)
            output.append(" ")
            output.append(miss.rawValue.utf8.span)
            output.append("\"")
        }
        if record.misses[0] != nil { output.append("]") }
    }

    private func writeCombined(_ head: Span<UInt8>, _ output: inout OutputSpan<UInt8>) {
        client.peer.append(to: &output)
        output.append(" - - [")
        time.appendLogTime(to: &output)
        output.append("] \"")
        if head.isEmpty {
            output.append("-")
        } else {
            escape(head.extracting(exchange.request.methodText.range), &output)
            output.append(" ")
            escape(head.extracting(exchange.request.target.range), &output)
            output.append(exchange.request.version == .http11 ? " HTTP/1.1" : " HTTP/1.0")
        }
        output.append("\" ")
        output.appendDecimal(UInt64(record.status))
        output.append(" ")
        output.appendDecimal(exchange.download.sentBytes)
        for name in [FieldName.referer, .userAgent] {
            output.append(" \"")
            if !head.isEmpty, let value = exchange.request.value(of: name) {
                escape(head.extracting(value.range), &output)
            } else {
                output.append("-")
            }
            output.append("\"")
        }
        output.append("\n")
    }

    private func append(
        _ name: StaticString, _ value: Slice, _ head: Span<UInt8>, _ output: inout OutputSpan<UInt8>
    ) {
        output.append(",\"")
        output.append(name)
        output.append("\":\"")
        escape(head.extracting(value.range), &output)
        output.append("\"")
    }

    /// Milliseconds with three decimals.
    private func append(_ name: StaticString, _ span: TimeSpan, _ output: inout OutputSpan<UInt8>) {
        let microseconds = UInt64(max(0, span.nanoseconds)) / 1_000
        output.append(",\"")
        output.append(name)
        output.append("\":")
        output.appendDecimal(microseconds / 1_000)
        output.append(".")
        output.append(Int(microseconds % 1_000), digits: 3)
    }

    /// As a JSON string needs it, which is also safe between the quotes of the combined format: control bytes, quotes,
    /// backslashes and whatever is not ASCII become `\u00XX`, so that no client can forge a line.
    private func escape(_ bytes: Span<UInt8>, _ output: inout OutputSpan<UInt8>) {
        for index in 0..<min(bytes.count, Limits.logField) {
            let byte = bytes[index]
            if byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                output.append(byte)
            } else {
                output.append("\\u00")
                output.appendHexDigit(byte >> 4)
                output.appendHexDigit(byte)
            }
        }
    }
}
