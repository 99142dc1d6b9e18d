/// What stands in a file or on a command line, with its position, before anybody asks what it means.
struct SyntaxNode {
    enum Content {
        /// Aliases and `${NAME}` are already replaced. `~`, `null` and nothing at all are ``empty``.
        case text(String)
        case empty
        /// Something that could not be told, for which an error is already noted: no reader complains again.
        case unknown
        case list([SyntaxNode])
        case mapping([Entry])
    }

    struct Key {
        let text: String
        let place: Place
        let writtenLength: Int
    }

    struct Entry {
        let key: Key
        let value: SyntaxNode
    }

    let place: Place
    let content: Content
    /// Scalars that stand in the file for this node on one line; 1 for lists and mappings.
    let writtenLength: Int
    /// This node and all below it, aliases counted wherever they are used.
    let size: Int

    init(place: Place, content: Content, writtenLength: Int = 1) {
        self.place = place
        self.content = content
        self.writtenLength = writtenLength
        size =
            switch content {
            case .text, .empty, .unknown: 1
            case .list(let items): items.reduce(1) { $0 + $1.size }
            case .mapping(let entries): entries.reduce(1) { $0 + 1 + $1.value.size }
            }
    }

    /// For messages: what was found instead of what was wanted.
    var kind: String {
        switch content {
        case .text: "a single value"
        case .empty, .unknown: "nothing"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}
