import BookendCore
import BookendHTTP
import BookendLoop

/// Heads as they leave: the other side's fields byte for byte, without what was meant for one connection only, and with
/// what Bookend adds (rules 5 and 14).
extension Exchange {
    /// `X-Request-Id` of at most 128 bytes, `Via`, `Connection`, a host that the client did not give.
    private static let ownFieldBytes = 512
    /// Written anew, or meant for Bookend.
    private static var notForClients: FieldNameSet { FieldNameSet(.xRequestId).union(.loadReports) }

    func writeRequestHead() {
        guard let client, let server else { return }
        let forwarded = ForwardedFields(peer: client.peer, isTrusted: client.isTrusted)
        let keepsID = record.givenID != nil
        upload.output.reserve(
            request.encodedBound + forwarded.bound(request) + Self.ownFieldBytes, from: loop.buffers)
        head.withBytes { bytes in
            upload.output.append { output in
                request.writeRequestLine(from: bytes, to: &output)
                if request.host.isEmpty {
                    output.append("Host: ")
                    output.append(worker.plan.servers[server.index].address.utf8.span)
                    output.append("\r\n")
                }
                request.writeFields(from: bytes, to: &output, dropping: forwarded.dropped(keepingID: keepsID))
                forwarded.write(request, bytes, to: &output)
                if !keepsID { record.writeID(bytes, to: &output) }
                output.appendField(for: request.framing)
                if request.wantsUpgrade { request.writeUpgrade(from: bytes, to: &output) }
                output.appendEndOfHead()
            }
        }
    }

    func writeResponseHead(_ framing: Framing, _ upstream: UpstreamConnection) {
        download.output.reserve(response.encodedBound + Self.ownFieldBytes, from: loop.buffers)
        upstream.input.withBytes { bytes in
            download.output.append { output in
                response.writeStatusLine(from: bytes, to: &output)
                response.writeFields(from: bytes, to: &output, dropping: Self.notForClients)
                writeOwnFields(to: &output)
                response.writeFraming(framing, to: &output)
                writeConnection(to: &output)
                output.appendEndOfHead()
            }
        }
    }

    func writeSwitchingHead(_ upstream: UpstreamConnection) {
        download.output.reserve(response.encodedBound + Self.ownFieldBytes, from: loop.buffers)
        upstream.input.withBytes { bytes in
            download.output.append { output in
                response.writeStatusLine(from: bytes, to: &output)
                response.writeFields(from: bytes, to: &output, dropping: Self.notForClients)
                writeOwnFields(to: &output)
                response.writeUpgrade(from: bytes, to: &output)
                output.appendEndOfHead()
            }
        }
    }

    func writeInterimHead(_ upstream: UpstreamConnection) {
        download.output.reserve(response.encodedBound, from: loop.buffers)
        upstream.input.withBytes { bytes in
            download.output.append { output in
                response.writeStatusLine(from: bytes, to: &output)
                response.writeFields(from: bytes, to: &output, dropping: .loadReports)
                output.appendEndOfHead()
            }
        }
    }

    func writeOwnFields(to output: inout OutputSpan<UInt8>) {
        output.append("Via: 1.1 bookend\r\n")
        head.withBytes { record.writeID($0, to: &output) }
    }

    /// HTTP/1.1 goes on unless something is said, HTTP/1.0 ends (RFC 9112, section 9.3).
    func writeConnection(to output: inout OutputSpan<UInt8>) {
        if worker.isDraining { keepsClient = false }
        if !keepsClient {
            output.append(ConnectionField.close)
        } else if request.version == .http10 {
            output.append(ConnectionField.keepAlive)
        }
    }
}
