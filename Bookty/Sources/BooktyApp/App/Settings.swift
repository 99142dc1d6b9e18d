/// How one instance runs.
package struct Settings: Sendable {
    package var host: String
    /// 0 lets the system choose.
    package var port: Int
    /// Written on every answer as `Server-Name`.
    package var name: String
    /// The SQLite file; instances may share it.
    package var dataPath: String
    package var log: LogMode
    /// Whether every answer tells how full the server's memory is.
    package var reportsLoad: Bool
    /// How it is broken on purpose, if it is.
    package var faults: FaultSwitch?

    package init(
        host: String, port: Int, name: String, dataPath: String, log: LogMode, reportsLoad: Bool, faults: FaultSwitch?
    ) {
        self.host = host
        self.port = port
        self.name = name
        self.dataPath = dataPath
        self.log = log
        self.reportsLoad = reportsLoad
        self.faults = faults
    }
}
