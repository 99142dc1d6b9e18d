import BookendCore

/// What a value may be at most and at least: a limit on everything.
enum Bounds {
    /// A configuration for 50 servers has some 10 KiB; a larger file is another file.
    static let fileSize = 1_048_576
    /// Parsed values with aliases written out, so that few lines cannot stand for billions ("billion laughs").
    static let nodes = 100_000
    /// Shown at once; the rest is counted.
    static let diagnostics = 50

    /// The program itself takes 24 MiB at most.
    static let memory = ByteCount.mebibytes(32)...ByteCount.mebibytes(1_048_576)
    static let workers = 1...64
    /// `sun_path` holds 108 bytes, the last one zero (unix(7)).
    static let socketPath = 107
    /// Each may have a thread.
    static let alertTargets = 16
    static let alertTimeout = TimeSpan.milliseconds(100)...TimeSpan.seconds(60)
    static let webhookTarget = 2_048
    static let commandWords = 64
    static let commandWord = 4_096
    static let timeout = TimeSpan.milliseconds(1)...TimeSpan.seconds(86_400)
    /// 64 KiB is what the largest buffer holds.
    static let headLimit = ByteCount.kibibytes(1)...ByteCount.kibibytes(64)
    static let fieldsLimit = 1...1_000
    static let bodyLimit = ByteCount(bytes: 0)...ByteCount.mebibytes(1_048_576)
    static let connectionsPerClient = 1...1_000_000
    static let weight = 1...256
    static let tries = 1...10
    static let maxInFlight = 1...1_000_000
    static let queue = 0...1_000_000
    /// What people changed while Bookend ran: more is a new file.
    static let runningChanges = 256
    static let probeEvery = TimeSpan.milliseconds(20)...TimeSpan.seconds(3_600)
    static let slowStart = TimeSpan.zero...TimeSpan.seconds(3_600)
    static let exercise = 1...1_000_000
    static let status = 100...599
    /// Three times the longest is what an agent may be silent for (`FleetLimits.agentSilence`).
    static let agentEvery = TimeSpan.milliseconds(100)...TimeSpan.seconds(20)
    static let expectedText = 1_024
    /// The steps of a recycle together stay far below the longest lease.
    static let recycleStep = TimeSpan.seconds(1)...TimeSpan.seconds(3_600)
    /// Recycled below half, a server would never get to work.
    static let recycleMemory = 50...95
    /// Names appear in metrics, logs and commands.
    static let nameLength = 64
    /// RFC 1035, section 2.3.4.
    static let hostLength = 253
    static let labelLength = 63
}
