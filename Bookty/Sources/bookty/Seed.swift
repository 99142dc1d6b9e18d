import ArgumentParser
import BooktyApp

struct Seed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes the database file and fills its catalogue, without serving.")

    @Option(help: "The database file.")
    var data = "bookty.sqlite"

    func run() async throws {
        try await reportingFailures {
            let storage = try Storage.open(path: data)
            print("\(data) holds \(try await Catalogue(storage: storage).size()) works")
        }
    }
}
