import Testing

@testable import BookendConfig

@Suite("Addresses")
struct AddressTests {
    @Test(
        "IPv4 is four plain decimal numbers",
        arguments: [("127.0.0.1", 0x7F00_0001), ("0.0.0.0", 0), ("255.255.255.255", 0xFFFF_FFFF)] as [(String, UInt32)])
    func ipv4(_ text: String, _ bits: UInt32) {
        #expect(IPv4Address(text: text)?.bits == bits)
        #expect(IPv4Address(text: text)?.description == text)
    }

    @Test(
        "Short, octal, hexadecimal and foreign forms of IPv4 are refused",
        arguments: [
            "", "1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.256", "1.2.3.0x4", "1..3.4", " 1.2.3.4", "1.2.3.4 ",
            "+1.2.3.4",
            "1.2.3.١", "1.2.3.1000",
        ])
    func notIPv4(_ text: String) {
        #expect(IPv4Address(text: text) == nil)
    }

    @Test(
        "IPv6 is read in every form of RFC 4291 and printed in the form of RFC 5952",
        arguments: [
            ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:DB8::0:1", "2001:db8::1"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("::ffff:192.0.2.1", "::ffff:c000:201"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
            ("1:2:3:4:5:6:77.77.88.88", "1:2:3:4:5:6:4d4d:5858"),
        ])
    func ipv6(_ text: String, _ printed: String) throws {
        let address = try #require(IPv6Address(text: text))
        #expect(address.description == printed)
        #expect(IPv6Address(text: printed) == address)
        #expect(address.bytes.count == 16)
    }

    @Test(
        "What is no IPv6 address is refused",
        arguments: [
            "", ":", ":::", "1", "1:", ":1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::",
            "::1%eth0",
            "1:2:3:4:5:6:7:8::", "::1.2.3", "1.2.3.4::", "1:2:3:4:5:6:7:1.2.3.4", "[::1]", "::١",
        ])
    func notIPv6(_ text: String) {
        #expect(IPv6Address(text: text) == nil)
    }

    @Test("Bytes are in network order")
    func bytes() {
        #expect(IPv4Address(text: "10.1.2.3")?.bytes == [10, 1, 2, 3])
        #expect(IPv6Address(text: "102:304::f")?.bytes == [1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 15])
    }

    @Test("A block contains the addresses with its prefix, and no others")
    func blocks() throws {
        let private10 = try AddressBlock.parse("10.0.0.0/8").get()
        #expect(private10.contains(try #require(IPv4Address(text: "10.255.0.1"))))
        #expect(!private10.contains(try #require(IPv4Address(text: "11.0.0.1"))))
        #expect(!private10.contains(try #require(IPv6Address(text: "a00::1"))))
        for length in [0, 1, 63, 64, 65, 127, 128] {
            let all = IPv6Address(high: .max, low: .max).masked(to: length)
            let block = AddressBlock.ipv6(all, length: length)
            #expect(block.contains(IPv6Address(high: .max, low: .max)))
            #expect(block.contains(IPv6Address(high: 0, low: 0)) == (length == 0))
            #expect(try AddressBlock.parse("\(block)").get() == block)
        }
        #expect(try AddressBlock.parse("0.0.0.0/0").get().contains(IPv4Address(bits: .max)))
        #expect(try AddressBlock.parse("192.0.2.7").get() == .ipv4(IPv4Address(bits: 0xC000_0207), length: 32))
    }

    @Test(
        "An endpoint is printed as it is read",
        arguments: ["127.0.0.1:8080", "[::1]:65535", ":8080", "0.0.0.0:0", "[2001:db8::1]:1"])
    func endpoints(_ text: String) throws {
        #expect(try Endpoint.parse(text, for: .bind).get().description == text)
    }

    @Test("Names are for servers, in lower case")
    func names() throws {
        let endpoint = try Endpoint.parse("Web_01.Internal:80", for: .server).get()
        #expect(endpoint == Endpoint(host: .name("web_01.internal"), port: 80))
    }
}
