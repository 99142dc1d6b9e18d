import ArgumentParser
import BookendConfig
import BookendControl
import BookendCore
import Foundation

/// What the verbs about leases have in common.
struct LeaseVerb: ParsableArguments {
    @Argument(help: ArgumentHelp("The server, as Bookend's configuration calls it, or POOL/NAME.", valueName: "SERVER"))
    var server: String

    @OptionGroup var running: RunningBookend

    @Flag(help: "Print the lease as JSON.")
    var json = false

    /// Does it and prints what was done; what is refused ends the verb with 1.
    ///
    /// - Parameter isAll: nobody waits for what comes of it: of several documents, programs get the last.
    func change(
        _ change: AdminClient.LeaseChange, _ order: LeaseOrder, isAll: Bool, thenPrint text: (LeaseReport) -> String
    ) throws {
        let (lease, document) = try asking { try $0.change(change, leaseOf: server, order) }
        if !json {
            print(text(lease))
        } else if isAll {
            print(String(decoding: document, as: UTF8.self))
        }
    }

    /// Looks until `isDone`, and prints how it ended.
    func wait(until isDone: (LeaseReport) -> Bool) throws -> LeaseReport {
        let (lease, document) = try running.watch({ try $0.lease(of: server) }, until: { isDone($0.lease) })
        print(json ? String(decoding: document, as: UTF8.self) : LeaseScreen.waited(lease))
        return lease
    }

    private func asking<Answer>(_ question: (AdminClient) throws -> Answer) throws -> Answer {
        try running.ask(question) { refusal in
            if json { print(String(decoding: refusal.json, as: UTF8.self)) }
            let figures = refusal.guard.map {
                LeaseScreen.refused(server, $0, force: "bookend drain \(server) --why TEXT --force")
            }
            return "\(refusal)" + (figures.map { "\n" + $0 } ?? "")
        }
    }

    static func check(_ length: String?) throws {
        guard let length else { return }
        guard let span = TimeSpan(written: length), LeaseLimits.lengths.contains(span) else {
            let (least, most) = (LeaseLimits.lengths.lowerBound, LeaseLimits.lengths.upperBound)
            throw ValidationError("--for is a time such as 30m or 2h, from \(least) to \(most), not '\(length)'.")
        }
    }

    static func check(why: String) throws {
        guard LeaseLimits.isReason(why) else {
            throw ValidationError(
                "--why says what it is for, in a line of at most \(LeaseLimits.reasonLength) characters.")
        }
    }

    /// Who it is: the user that became root counts.
    static var owner: String {
        let environment = ProcessInfo.processInfo.environment
        let names = ["SUDO_USER", "USER", "LOGNAME"].compactMap { environment[$0] }.filter { !$0.isEmpty }
        let name = names.first ?? getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "uid \(geteuid())"
        return String(String.UnicodeScalarView(name.unicodeScalars.prefix(LeaseLimits.ownerLength)))
    }
}
