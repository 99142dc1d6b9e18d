import BookendLoop
import Glibc
import Testing

@testable import BookendLab

struct ReservedPortTests {
    @Test("A server gets the reserved port, again and again; a second reservation meanwhile does not")
    func reserved() throws {
        let port = try ReservedPort.loopback()
        #expect(port.address.port > 0)
        for _ in 0..<3 {
            let sockets = try ListeningSocket.group(port.address, count: 2)
            #expect(throws: Errno.addressInUse) { try ReservedPort(port.address) }
            for socket in sockets { close(socket) }
        }
    }
}
