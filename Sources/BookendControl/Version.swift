/// The version of Bookend: the newest heading of CHANGELOG.md.
public enum Version {
    public static let current = "0.4.0"
}
