import BookendConfig
import BookendCore

/// What commands that change the fleet have in common.
enum OrderCheck {
    /// Who it is, in a line of its own.
    static func owner(_ name: String?) -> String? {
        guard let name, LeaseLimits.isOwner(name) else { return nil }
        return name
    }

    static var full: Result<RunningChanges, RunningConfiguration.Refusal> {
        .failure(
            RunningConfiguration.Refusal(
                status: 409, text: "too much was changed beside the file: write it there, and reload"))
    }
}
