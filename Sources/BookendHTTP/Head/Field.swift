/// One field line of a head.
public struct Field: Equatable, Sendable {
    public var name: Slice
    /// Without white space around it.
    public var value: Slice
    /// The line as received, from its name to the end of its value: no white space after the value, no CR LF.
    public var line: Slice
    public var known: FieldName
    /// Meant for this connection only: it goes no further (rule 5). By its name, because `Connection` names it,
    /// or because nobody is to believe it.
    public var isHopByHop: Bool
}
