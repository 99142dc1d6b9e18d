extension Configuration {
    /// What came of reading. There is a configuration exactly when no diagnostic is an error.
    public typealias Outcome = (configuration: Configuration?, diagnostics: [Diagnostic])

    /// Reads and checks a file.
    ///
    /// - Parameters:
    ///   - path: as messages shall show it.
    ///   - environment: what `${NAME}` takes its values from.
    ///   - isRoot: whether the process may write to the system's folders; decides two defaults.
    /// - Throws: ``Diagnostics`` with every error of the file, in its order, when there is at least one.
    /// - Returns: the configuration and the warnings about it.
    public static func read(
        path: String, environment: [String: String], isRoot: Bool
    ) throws(Diagnostics) -> (configuration: Configuration, warnings: [Diagnostic]) {
        let outcome: Outcome
        switch FileText.read(path) {
        case .success(let text): outcome = parse(text: text, file: path, environment: environment, isRoot: isRoot)
        case .failure(let diagnostic): throw Diagnostics([diagnostic])
        }
        guard let configuration = outcome.configuration else { throw Diagnostics(outcome.diagnostics) }
        return (configuration, outcome.diagnostics)
    }

    /// Checks the text of a file.
    ///
    /// - Parameter file: as messages shall name it.
    public static func parse(text: String, file: String, environment: [String: String], isRoot: Bool) -> Outcome {
        guard text.utf8.count <= Bounds.fileSize else { return (nil, [FileText.tooLarge(file)]) }
        let source = SourceText(text, file: file)
        let findings = Findings(source: source)
        if let (place, scalar) = source.firstForbidden {
            let code = String(scalar.value, radix: 16, uppercase: true)
            findings.error(
                at: place,
                "the character U+\(String(repeating: "0", count: max(0, 4 - code.count)) + code) cannot stand here",
                advice: "Remove it, or write it in double quotes as an escape. Is this a text file?")
            return (nil, findings.inOrder())
        }
        let variables = EnvironmentVariables(values: environment)
        let root = YAMLParsing.tree(of: source, environment: variables, findings)
        guard let root, !root.isEmpty else {
            if !findings.hasErrors {
                findings.error(
                    at: .file(file), "the file is empty",
                    advice: "The smallest configuration that works:\n" + Section.top.example.indented)
            }
            return (nil, findings.inOrder())
        }
        let whole = Place.file(file)
        let configuration = ConfigurationReader(findings: findings, isRoot: isRoot, whole: whole).read(root)
        return (configuration, findings.inOrder())
    }
}

extension SyntaxNode {
    fileprivate var isEmpty: Bool {
        if case .empty = content { true } else { false }
    }
}
