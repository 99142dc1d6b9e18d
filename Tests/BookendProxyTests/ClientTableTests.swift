import BookendCore
import BookendLoop
import Testing

@testable import BookendProxy

@Suite("Clients by address")
struct ClientTableTests {
    private let one = HostAddress(ipv4: 0x7F00_0001)
    private let other = HostAddress(ipv4: 0x7F00_0002)

    @Test("A client has so many connections and no more, whatever others have")
    func limit() {
        let table = ClientTable()
        for _ in 0..<3 { #expect(table.admit(one, limit: 3, at: .origin)) }
        #expect(!table.admit(one, limit: 3, at: .origin))
        #expect(table.admit(other, limit: 3, at: .origin))
        table.release(one)
        #expect(table.admit(one, limit: 3, at: .origin))
    }

    @Test("A /64 of IPv6 is one client")
    func prefix() {
        let table = ClientTable()
        #expect(table.admit(HostAddress(high: 7, low: 1), limit: 1, at: .origin))
        #expect(!table.admit(HostAddress(high: 7, low: 2), limit: 1, at: .origin))
        #expect(table.admit(HostAddress(high: 8, low: 1), limit: 1, at: .origin))
    }

    @Test("Who breaks the protocol too often is not let in for the rest of the minute")
    func violations() {
        let table = ClientTable()
        let start = Moment.origin + .seconds(1_000)
        #expect(table.admit(one, limit: 9, at: start))
        for _ in 0..<Limits.violationsPerMinute { table.noteViolation(of: one, at: start) }
        #expect(!table.admit(one, limit: 9, at: start + .seconds(59)))
        #expect(table.admit(other, limit: 9, at: start + .seconds(59)))
        #expect(table.admit(one, limit: 9, at: start + .seconds(60)))
    }
}
