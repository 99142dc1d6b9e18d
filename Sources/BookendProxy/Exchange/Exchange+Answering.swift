import BookendHTTP
import BookendLoop

/// Answering in place of a server.
extension Exchange {
    /// Leaves the server, if one was reached, and answers the client. Not once a response has begun.
    func answer(_ answer: Answer) {
        precondition(phase != .responding && phase != .tunnel, "one request has one answer")
        record.failure = answer.failure
        leaveLine()
        noteSpoiled()
        leaveServer(keepingConnection: false)
        record.responded(answer.status, at: loop.now)
        // The rest of a body that nobody reads would be taken for the next request.
        if !upload.hasWholeBody { keepsClient = false }
        uploadIsOver = true
        phase = .answering
        write(answer)
        advance()
    }

    private func write(_ answer: Answer) {
        let body = Buffer()
        body.reserve(AnswerBody.bound(answer), from: loop.buffers)
        let isPage = head.withBytes { request.acceptedForm(in: $0) } == .html
        head.withBytes { bytes in
            body.append { output in
                if isPage {
                    AnswerBody.writePage(answer, { record.writeIDText(bytes, to: &$0) }, to: &output)
                } else {
                    AnswerBody.writeProblem(answer, { record.writeIDText(bytes, to: &$0) }, to: &output)
                }
            }
        }
        download.output.reserve(1_024 + body.count, from: loop.buffers)
        download.output.append { output in
            output.appendStatusLine(answer.status)
            output.append("Server: bookend\r\nDate: ")
            worker.clock.appendHTTPDate(to: &output)
            output.append("\r\nContent-Type: ")
            output.append(isPage ? "text/html; charset=utf-8\r\n" : "application/problem+json\r\n")
            if answer.status == 405 { output.append("Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n") }
            if answer.status == 503 || answer.status == 429 {
                // Not all at the same moment.
                output.append("Retry-After: ")
                output.appendDecimal(1 + worker.random.next() % 3)
                output.append("\r\n")
            }
            output.append("Cache-Control: no-store\r\n")
            writeOwnFields(to: &output)
            output.appendField(for: .length(UInt64(body.count)))
            writeConnection(to: &output)
            output.appendEndOfHead()
            if request.method != .head { body.withBytes { output.append($0) } }
        }
    }
}
