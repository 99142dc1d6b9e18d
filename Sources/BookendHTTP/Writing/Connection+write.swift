/// What a head says about the connection that it travels on.
public enum ConnectionField: Sendable {
    case close
    case keepAlive
}

extension OutputSpan<UInt8> {
    /// `Connection: close` or `Connection: keep-alive`, at most 24 bytes.
    public mutating func append(_ field: ConnectionField) {
        switch field {
        case .close: append("Connection: close\r\n")
        case .keepAlive: append("Connection: keep-alive\r\n")
        }
    }
}
