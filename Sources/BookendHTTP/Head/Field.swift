/// One field line of a head.
public struct Field: Equatable, Sendable {
    public var name: Slice
    /// Without white space around it.
    public var value: Slice
    /// The line as received, from its name to the end of its value: no white space after the value, no CR LF.
    public var line: Slice
    public var known: FieldName
    /// Meant for this connection only: it goes no further (rule 5). Either by its name, or because `Connection` names it.
    public var isHopByHop: Bool
}
