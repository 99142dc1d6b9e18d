package import Hummingbird

/// What travels with a request through the middleware to its handler.
package struct BooktyContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The signed-in visitor, set by `SessionMiddleware`.
    var session: Session?
    /// The token that forms of this visitor carry, set by `FormTokenMiddleware`.
    var formToken = ""

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
    }
}

extension BooktyContext {
    /// The signed-in reader. Throws `Problem.notSignedIn`.
    func reader() throws(Problem) -> Account {
        guard let session else { throw .notSignedIn }
        return session.account
    }

    /// The number in the path. Throws `Problem.notFound`: an address with anything else is of no book.
    func number(_ name: String) throws(Problem) -> Int {
        guard let text = parameters.get(name), text.utf8.count <= 9, let number = Int(text), number > 0 else {
            throw .notFound("There is nothing at this address.")
        }
        return number
    }
}
