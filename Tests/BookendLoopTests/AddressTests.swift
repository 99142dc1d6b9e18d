import BookendLoop
import Glibc
import Testing

@Suite("Addresses")
struct AddressTests {
    @Test(
        "IPv6 is written as RFC 5952 says",
        arguments: [
            ([0, 0, 0, 0, 0, 0, 0, 0], "::"),
            ([0, 0, 0, 0, 0, 0, 0, 1], "::1"),
            ([1, 0, 0, 0, 0, 0, 0, 0], "1::"),
            ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1], "2001:db8::1"),
            // 4.2.2: one zero group is not shortened.
            ([0x2001, 0xdb8, 0, 1, 1, 1, 1, 1], "2001:db8:0:1:1:1:1:1"),
            ([0, 1, 1, 1, 1, 1, 1, 1], "0:1:1:1:1:1:1:1"),
            ([1, 1, 1, 1, 1, 1, 1, 0], "1:1:1:1:1:1:1:0"),
            // 4.2.3: the longest run; the first of equals.
            ([0x2001, 0, 0, 1, 0, 0, 0, 1], "2001:0:0:1::1"),
            ([0x2001, 0xdb8, 0, 0, 1, 0, 0, 1], "2001:db8::1:0:0:1"),
            ([0, 0, 1, 0, 0, 0, 0, 0], "0:0:1::"),
            // 4.1 and 4.3: no leading zeros, small letters.
            ([0xfe80, 0, 0, 0, 0x0abc, 0x00de, 0xF, 0xabcd], "fe80::abc:de:f:abcd"),
            (
                [0xffff, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff],
                "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
            ),
            // 5: what is mapped is IPv4.
            ([0, 0, 0, 0, 0, 0xffff, 0xc000, 0x0201], "192.0.2.1"),
            ([0, 0, 0, 0, 0, 0, 0xc000, 0x0201], "::c000:201"),
        ] as [([UInt16], String)])
    func ipv6Text(groups: [UInt16], text: String) {
        let bytes = groups.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] }
        let address = SocketAddress(ipv6: bytes, port: 443)
        #expect(address.host.description == text)
        #expect(address.port == 443 && address.family == AF_INET6)
        #expect(text.utf8.count <= HostAddress.maximumTextLength)
    }

    @Test("IPv4 is dotted, and equals its mapped form")
    func ipv4() {
        for (bytes, text) in [
            ((0, 0, 0, 0), "0.0.0.0"), ((127, 0, 0, 1), "127.0.0.1"), ((10, 9, 100, 99), "10.9.100.99"),
            ((255, 255, 255, 255), "255.255.255.255"),
        ] as [((UInt8, UInt8, UInt8, UInt8), String)] {
            let address = SocketAddress(ipv4: bytes, port: 65_535)
            #expect(address.host.description == text)
            #expect(address.port == 65_535 && address.host.isIPv4)
        }
        let mapped = SocketAddress(ipv6: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 0, 2, 1], port: 1)
        #expect(mapped.host == SocketAddress(ipv4: (192, 0, 2, 1), port: 2).host)
        #expect(HostAddress(ipv4: 0xC000_0201) == mapped.host)
    }

    @Test("Literals resolve to themselves; what does not resolve says so in the resolver's words")
    func resolve() throws {
        let address = try SocketAddress.resolve(host: "192.0.2.7", port: 8_080).get()
        #expect(address.host.description == "192.0.2.7" && address.port == 8_080)
        let six = try SocketAddress.resolve(host: "2001:db8::7", port: 1).get()
        #expect(six.host.description == "2001:db8::7" && six.family == AF_INET6)
        guard case .failure(let failure) = SocketAddress.resolve(host: "not a name", port: 1) else {
            Issue.record("resolved")
            return
        }
        #expect(failure.description.hasPrefix("not a name: "))
    }

    @Test("A Unix path is as long as the kernel takes, not longer; it has neither host nor port")
    func unixPath() throws {
        let longest = try #require(SocketAddress(unixPath: String(repeating: "x", count: 107)))
        #expect(longest.family == AF_UNIX && longest.port == 0 && longest.host == HostAddress(high: 0, low: 0))
        #expect(SocketAddress(unixPath: String(repeating: "x", count: 108)) == nil)
    }

    @Test("An error says what people know it by")
    func errno() {
        #expect(Errno.addressInUse.description == "Address already in use")
        #expect(Errno(EACCES) == .noPermission)
    }
}
