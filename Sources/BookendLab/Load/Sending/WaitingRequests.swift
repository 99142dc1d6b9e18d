import BookendCore

/// A request that is due.
struct DueRequest: Equatable {
    /// When it was to be sent: its latency is counted from here.
    var intended: Moment
    /// Which one of the mix.
    var index: Int
}

/// Requests that wait for a connection, in the order of their intended sends, and so of their time limits.
struct WaitingRequests {
    private var requests: [DueRequest] = []
    private var first = 0

    var count: Int { requests.count - first }
    var isEmpty: Bool { count == 0 }
    var oldest: DueRequest? { isEmpty ? nil : requests[first] }

    mutating func append(_ request: DueRequest) {
        requests.append(request)
    }

    mutating func popFirst() -> DueRequest? {
        guard let oldest else { return nil }
        first += 1
        // Moved to the front when half is gone: constant time per request, and at most twice the memory.
        if first * 2 >= requests.count {
            requests.removeFirst(first)
            first = 0
        }
        return oldest
    }

    mutating func removeAll() -> Int {
        defer {
            requests.removeAll()
            first = 0
        }
        return count
    }
}
