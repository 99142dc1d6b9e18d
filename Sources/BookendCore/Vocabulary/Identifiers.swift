/// A server's number in the fleet: from 0, its own for as long as it lives, whatever becomes of others. The number of one that
/// has left is given to another when nobody counts by it any more.
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

/// A pool's number: as a server's. In `Configuration` its place there, dense, from 0.
public struct PoolID: Hashable, Sendable {
    public var index: Int

    @inlinable
    public init(index: Int) {
        self.index = index
    }
}
