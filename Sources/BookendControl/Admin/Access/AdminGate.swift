import BookendConfig
import BookendHTTP

/// Who may ask what, by the way they come.
enum AdminGate {
    /// The Unix socket: its file says who may (0600).
    case socket
    /// TCP. Changes need the token whatever the address is: a page in a browser on this machine can send requests to
    /// 127.0.0.1, but it does not know the token and may not set `Authorization` for another origin.
    case network(isLoopback: Bool, token: AdminToken?)

    /// Nil when it may.
    func refusal(of request: AdminRequest) -> AdminAnswer? {
        guard case .network(let isLoopback, let token) = self else { return nil }
        if let given = request.token, let token {
            return token.opens(given) ? nil : Self.unauthorized("this is not the token")
        }
        if !request.method.isSafe {
            guard token != nil else {
                return .problem(
                    403,
                    "changes over TCP need a token, and there is none: set admin: { token-file: … }, or use the socket")
            }
            return Self.unauthorized("changes need the token: Authorization: Bearer TOKEN")
        }
        guard isLoopback else { return Self.unauthorized("this address needs the token: Authorization: Bearer TOKEN") }
        // A name of somebody else's that leads here: a page from there would read as if this were its own server
        // ("DNS rebinding"). Names cannot be checked, so without a token there are none.
        guard Self.isOwnName(request.host) else {
            return .problem(421, "\(request.host) is not a name of this server: use 127.0.0.1, [::1] or localhost")
        }
        return nil
    }

    /// An address, `localhost`, or nothing, as HTTP/1.0 allows; browsers always say one.
    private static func isOwnName(_ host: String) -> Bool {
        host.isEmpty || host.lowercased() == "localhost" || host.hasPrefix("[") || IPv4Address(text: host) != nil
    }

    /// RFC 6750, section 3.
    private static func unauthorized(_ detail: String) -> AdminAnswer {
        .problem(401, detail, fields: ["WWW-Authenticate: Bearer realm=\"bookend\""])
    }
}
