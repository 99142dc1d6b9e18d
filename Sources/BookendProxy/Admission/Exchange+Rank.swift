import BookendConfig
import BookendCore
import BookendHTTP
import BookendLoop

/// How much a request matters when not all can be served, and whose it is.
extension Exchange {
    /// What its route says, unless a trusted proxy says something else in the pool's `priority-header`. From anybody else
    /// that field goes no further, like other claims (`ForwardedFields`): a server may believe it.
    func takePriority(of route: Router.Match) {
        record.priority = route.priority
        let name = worker.pools[route.pool.index].priorityHeader
        guard !name.isEmpty, let client else { return }
        guard client.isTrusted else { return head.withBytes { request.drop(name.span, in: $0) } }
        guard let said = saidPriority(name) else { return }
        if let priority = said {
            record.priority = priority
        } else {
            worker.observations.sawUnknownPriority(in: route.pool)
        }
    }

    var rank: Rank { Rank(record.priority, client: worker.clientHash(asker)) }

    /// Nil without the field, and nil inside for a word that is no priority. Two fields come from two hands: neither is
    /// believed.
    private func saidPriority(_ name: [UInt8]) -> Priority?? {
        head.withBytes { bytes in
            var said: Priority??
            for field in request.fields where bytes.equals(field.name, ignoringCase: name.span) {
                said = .some(said == nil ? Priority(field.value, in: bytes) : nil)
            }
            return said
        }
    }

    /// Whom trusted proxies name in `X-Forwarded-For`: the last who is none of them. Or else the peer.
    private var asker: HostAddress {
        guard let client else { return HostAddress(high: 0, low: 0) }
        guard client.isTrusted, request.present.contains(.xForwardedFor) else { return client.peer }
        return head.withBytes { bytes in
            // What a stranger wrote before is not worth reading.
            var skipped = forwardedCount(bytes) - Limits.forwardedHops
            var named: HostAddress?
            for field in request.fields where field.known == .xForwardedFor {
                var elements = ListElements(field.value)
                while let element = elements.next(in: bytes) {
                    skipped -= 1
                    guard skipped < 0 else { continue }
                    let address = HostAddress(bytes.extracting(element.range))
                    if address.map(client.listener.trusts) != true { named = address }
                }
            }
            return named ?? client.peer
        }
    }

    private func forwardedCount(_ bytes: Span<UInt8>) -> Int {
        var count = 0
        for field in request.fields where field.known == .xForwardedFor {
            var elements = ListElements(field.value)
            while elements.next(in: bytes) != nil { count += 1 }
        }
        return count
    }
}

extension Priority {
    /// Letters without case; nil for any other word.
    fileprivate init?(_ word: Slice, in bytes: Span<UInt8>) {
        for priority in Priority.allCases where bytes.equals(word, ignoringCase: priority.name.utf8.span) {
            self = priority
            return
        }
        return nil
    }
}

extension HostAddress {
    /// Nil for what is no address alone.
    fileprivate init?(_ text: Span<UInt8>) {
        guard text.count <= Self.maximumTextLength else { return nil }
        let text = String(decoding: text.indices.map { text[$0] }, as: UTF8.self)
        if let address = IPv4Address(text: text) {
            self.init(ipv4: address.bits)
        } else if let address = IPv6Address(text: text) {
            self.init(high: address.high, low: address.low)
        } else {
            return nil
        }
    }
}
