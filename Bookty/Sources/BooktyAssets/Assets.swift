/// The files that are compiled into the program.
public enum Assets {
    /// The catalogue as tab-separated text, one work a line; its first line names the columns.
    public static var works: String { text(PackageResources.works_tsv) }

    /// The style sheet of every page.
    public static var style: String { text(PackageResources.style_css) }

    /// The Mustache templates by name.
    public static var templates: [String: String] {
        [
            "account": text(PackageResources.account_mustache),
            "book": text(PackageResources.book_mustache),
            "catalogue": text(PackageResources.catalogue_mustache),
            "cover": text(PackageResources.cover_mustache),
            "home": text(PackageResources.home_mustache),
            "layout": text(PackageResources.layout_mustache),
            "pager": text(PackageResources.pager_mustache),
            "problem": text(PackageResources.problem_mustache),
            "report": text(PackageResources.report_mustache),
            "review": text(PackageResources.review_mustache),
            "search": text(PackageResources.search_mustache),
            "shelf": text(PackageResources.shelf_mustache),
        ]
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
