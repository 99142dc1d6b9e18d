import CLinux

/// The program's own code in memory.
enum ProgramPages {
    /// Starting takes most of it once: the command line, the configuration, the database, JSON. What is used after it is
    /// mapped again, 64 KiB at a time, from the page cache; the rest is no more counted as this process's.
    static func giveBack() { clinux_give_back_code() }
}
