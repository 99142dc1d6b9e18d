/// What `status` says of the configuration beside what runs.
final class ConfigurationNews {
    /// What was changed while Bookend ran, and the file does not say.
    var differences: [String] = []
    /// Why the file on disk is not what runs; nil when the last reload took it into force.
    var refusal: String?
}
