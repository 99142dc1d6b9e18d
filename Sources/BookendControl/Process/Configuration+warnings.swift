public import BookendConfig

extension Configuration {
    /// What this machine has that somebody should mend, in words: secrets that everybody may read, targets of alerts that are not
    /// there. Blocks. Beside the warnings about the file itself.
    public func machineWarnings() -> [String] {
        [admin.network?.exposure()].compactMap(\.self) + alerts.compactMap { $0.trouble() }
    }
}
