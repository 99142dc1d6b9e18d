import BookendConfig
import Foundation

/// An alert as a target gets it.
struct AlertBody {
    let type: String
    let bytes: [UInt8]

    init(_ alert: Alert, _ format: AlertTarget.Format) {
        switch format {
        case .json:
            type = "application/json"
            bytes = Array(AdminJSON.encoded(alert))
        case .chat:
            type = "application/json"
            bytes = Array(AdminJSON.encoded(["text": alert.line]))
        case .text:
            type = "text/plain; charset=utf-8"
            bytes = Array((alert.line + "\n").utf8)
        }
    }
}
