import BookendCore
import BookendLoop

/// Connections to servers that wait for their next exchange, the one used last first, so that surplus ones age out.
struct IdleConnections {
    private var stacks: [[UpstreamConnection]]

    init(servers: Int) {
        stacks = Array(repeating: [], count: servers)
    }

    /// There are so many servers now.
    mutating func grow(to servers: Int) {
        while stacks.count < servers { stacks.append([]) }
    }

    mutating func take(_ server: ServerID) -> UpstreamConnection? {
        stacks[server.index].popLast()
    }

    /// False when enough are kept already.
    mutating func keep(_ connection: UpstreamConnection) -> Bool {
        guard stacks[connection.server.index].count < Limits.idlePerServer else { return false }
        stacks[connection.server.index].append(connection)
        return true
    }

    mutating func remove(_ connection: UpstreamConnection) {
        let index = connection.server.index
        guard let place = stacks[index].lastIndex(where: { $0 === connection }) else { return }
        stacks[index].remove(at: place)
    }

    mutating func removeAll(of server: ServerID) -> [UpstreamConnection] {
        let all = stacks[server.index]
        stacks[server.index].removeAll()
        return all
    }

    mutating func removeAll() -> [UpstreamConnection] {
        let all = stacks.flatMap { $0 }
        for index in stacks.indices { stacks[index].removeAll() }
        return all
    }
}
