import ArgumentParser

/// The command line of Bookty.
@main
struct Bookty: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bookty",
        abstract: "A platform for readers: a catalogue of classics, shelves, reviews and a yearly report.",
        version: "1.0.0",
        subcommands: [Serve.self, Seed.self])
}
