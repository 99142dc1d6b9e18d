import BookendConfig
import BookendCore

/// What commands that change the fleet have in common.
enum OrderCheck {
    /// Who it is, in a line of its own.
    static func owner(_ name: String?) -> String? {
        guard let name, LeaseLimits.isOwner(name) else { return nil }
        return name
    }

    static let noOwner = "`by` says who it is, in at most \(LeaseLimits.ownerLength) \(characters)"
    static let noReason = "`why` says what it is for, in at most \(LeaseLimits.reasonLength) \(characters)"
    private static let characters = "characters, none of them a control character"

    static var full: Result<RunningChanges, RunningConfiguration.Refusal> {
        .failure(
            RunningConfiguration.Refusal(
                status: 409, text: "too much was changed beside the file: write it there, and reload"))
    }
}
