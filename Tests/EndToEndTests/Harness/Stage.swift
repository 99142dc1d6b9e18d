import Glibc
import Synchronization

/// Everything that one test starts, in a folder of its own, and its end on every way out.
final class Stage {
    let folder: String
    private var endings: [() -> Void] = []

    private init() throws {
        var template = Array("/tmp/bookend-e2e-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure("cannot make a temporary folder") }
        folder = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    /// - Parameter alone: for tests that measure time: no other runs beside them.
    static func run(alone: Bool = false, _ test: @Sendable (Stage) throws -> Void) async throws {
        await Machine.shared.enter(alone: alone)
        let result = await withTaskExecutorPreference(BlockingThreads.shared) {
            Result {
                let stage = try Stage()
                defer { stage.end() }
                try test(stage)
            }
        }
        await Machine.shared.leave(alone: alone)
        try result.get()
    }

    /// What came later may depend on what came before: it ends first.
    func atEnd(_ ending: @escaping () -> Void) {
        endings.append(ending)
    }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    func file(_ name: String, _ text: String) throws -> String {
        try writeFile(path(name), text)
        return path(name)
    }

    /// Starts a program that ends with the test.
    func start(
        _ executable: String, _ arguments: [String], environment: [String] = [], input: String = "/dev/null",
        passing: Int32? = nil, named name: String
    ) throws -> Program {
        let program = try Program(
            executable, arguments, in: folder, environment: environment, input: input, passing: passing,
            named: "\(name)-\(Self.number.add(1, ordering: .relaxed).newValue)")
        atEnd { program.end() }
        return program
    }

    private static let number = Atomic<Int>(0)

    private func end() {
        for ending in endings.reversed() { ending() }
        removeFolder(folder)
    }

    private func removeFolder(_ path: String) {
        if let listing = opendir(path) {
            while let entry = readdir(listing) {
                let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                guard name != ".", name != ".." else { continue }
                if unlink("\(path)/\(name)") != 0 { removeFolder("\(path)/\(name)") }
            }
            closedir(listing)
        }
        rmdir(path)
    }
}
