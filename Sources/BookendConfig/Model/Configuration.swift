public import BookendCore

/// Everything one Bookend does, checked: every name resolves, every value is in range, every default is filled in.
///
/// Made by ``read(path:environment:isRoot:)``, ``parse(text:file:environment:isRoot:)`` or ``fromFlags(_:isRoot:)``
/// only, so that no code behind them needs to check again.
public struct Configuration: Sendable, Equatable {
    /// Bookend's own budget; connections, buffers and queues follow from it. At least 16 MiB.
    public let memory: ByteCount
    public let workers: Workers
    /// Folder for journal and leases; relative to the folder in which Bookend was started unless it begins with `/`.
    public let state: String
    public let admin: Admin
    public let accessLog: AccessLog
    /// In the order of the file.
    public let alerts: [AlertTarget]
    /// In the order of the file; at least one.
    public let listeners: [Listener]
    /// In the order of the file, at least one; `PoolID.index` counts here.
    public let pools: [Pool]

    /// The pool that a route names.
    public func pool(_ id: PoolID) -> Pool {
        pools[id.index]
    }
}

/// How many data-plane loops run.
public enum Workers: Sendable, Equatable {
    /// One per core that the process may use.
    case auto
    /// 1 to 64.
    case fixed(Int)
}

/// Where one line per request goes.
public enum AccessLog: Sendable, Equatable {
    case off
    case on(Destination, Format)

    public enum Destination: Sendable, Equatable {
        case standardOutput
        case file(path: String)
    }

    public enum Format: String, Sendable, CaseIterable {
        /// One JSON object per line.
        case json
        /// The "combined" format of Apache httpd and nginx.
        case combined
    }
}

extension Configuration {
    /// Where a Bookend with default settings has its admin socket.
    public static func defaultAdminSocket(isRoot: Bool) -> String {
        Defaults.adminSocket(isRoot: isRoot, state: Defaults.state(isRoot: isRoot))
    }

    /// How long a server is taken out when nobody says how long.
    public static var usualLease: TimeSpan { Defaults.lease }
    /// What a clean-up hook may be given.
    public static var hookTimeouts: ClosedRange<TimeSpan> { Bounds.recycleStep }

    /// Where a Bookend with default settings keeps what lasts.
    public static func defaultState(isRoot: Bool) -> String { Defaults.state(isRoot: isRoot) }
}
