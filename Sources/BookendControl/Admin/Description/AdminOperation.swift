/// What an operation takes and gives, for whoever writes a program against it.
struct AdminOperation: Sendable {
    /// A good answer.
    enum Reply: Sendable {
        /// 200 with a schema of `Schemas`.
        case json(String, isList: Bool)
        /// 200 with text such as this.
        case text(String)
        /// 200 with server-sent events.
        case events
        /// 204
        case nothing

        static func json(_ schema: String) -> Reply { .json(schema, isList: false) }
    }

    /// Unique; programs that make clients make function names of it.
    let id: String
    let summary: String
    /// What may stand behind the `?`.
    let asks: [AdminParameter]
    /// The schema of the body, of those that have one.
    let takes: String?
    let gives: [Reply]
    /// Problems of its own, by status.
    let refuses: [Int: String]

    init(_ id: String, _ summary: String, gives: [Reply]) {
        self.init(id, summary, gives: gives, refuses: [:])
    }

    init(_ id: String, _ summary: String, gives: [Reply], refuses: [Int: String]) {
        self.init(id, summary, takes: nil, gives: gives, refuses: refuses)
    }

    init(_ id: String, _ summary: String, takes: String?, gives: [Reply], refuses: [Int: String]) {
        self.init(id, summary, asks: [], takes: takes, gives: gives, refuses: refuses)
    }

    init(_ id: String, _ summary: String, asks: [AdminParameter], gives: [Reply], refuses: [Int: String]) {
        self.init(id, summary, asks: asks, takes: nil, gives: gives, refuses: refuses)
    }

    private init(
        _ id: String, _ summary: String, asks: [AdminParameter], takes: String?, gives: [Reply],
        refuses: [Int: String]
    ) {
        self.id = id
        self.summary = summary
        self.asks = asks
        self.takes = takes
        self.gives = gives
        self.refuses = refuses
    }
}

/// One thing that may stand behind the `?`.
struct AdminParameter: Sendable {
    let name: String
    let meaning: String
    let schema: JSONValue

    init(_ name: String, _ meaning: String, _ schema: JSONValue) {
        self.name = name
        self.meaning = meaning
        self.schema = schema
    }
}
