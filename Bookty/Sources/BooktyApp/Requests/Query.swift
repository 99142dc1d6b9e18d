import Hummingbird

extension Request {
    /// The value of a query parameter; nil when it is missing, empty or not encoded correctly.
    func query(_ name: String) -> String? {
        guard let form = try? Form(encoded: uri.query ?? ""), let value = form[name], !value.isEmpty else { return nil }
        return value
    }

    /// A whole number in the query. Throws `Problem.malformed` when it is something else.
    func number(_ name: String, default fallback: Int) throws(Problem) -> Int {
        guard let text = query(name) else { return fallback }
        guard let number = Int(text), number >= 1 else { throw .malformed("“\(name)” is a whole number from 1 up.") }
        return number
    }
}
