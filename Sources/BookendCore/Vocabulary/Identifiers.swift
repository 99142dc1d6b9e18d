/// A server's place in the fleet: dense, from 0, stable while the configuration lives.
public struct ServerID: Hashable, Comparable, Sendable {
    public var index: Int

    @inlinable
    public init(index: Int) {
        self.index = index
    }

    @inlinable
    public static func < (left: ServerID, right: ServerID) -> Bool {
        left.index < right.index
    }
}

/// A pool's place in the configuration: dense, from 0.
public struct PoolID: Hashable, Sendable {
    public var index: Int

    @inlinable
    public init(index: Int) {
        self.index = index
    }
}
