import Glibc

extension Stage {
    /// Starts a script with the Python that has the package `websockets`.
    func python(_ script: String, _ arguments: [String] = [], named name: String) throws -> Program {
        let python = Binary.environment("BOOKEND_PYTHON") ?? Binary.packageFolder + "/.venv/bin/python"
        guard access(python, X_OK) == 0 else {
            throw Failure(
                "\(python) is missing: `make test` makes it, or `python3 -m venv .venv && .venv/bin/pip install"
                    + " websockets`, or name another in BOOKEND_PYTHON")
        }
        return try start(python, [try file("\(name).py", script)] + arguments, named: name)
    }
}
