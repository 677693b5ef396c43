import Query
import Testing

/// Addresses and networks.
struct NetworkTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.0", false),
        ("10.0.0.0/8", "::ffff:10.1.2.3", true),
        ("10.0.0.0/8", "::FFFF:a01:203", true), ("10.0.0.0/8", "10.1.2", false),
        ("10.0.0.0/8", "10.1.2.3.4", false),
        ("10.0.0.0/8", "10.1.2.300", false), ("10.0.0.0/8", "10.01.2.3", false), ("10.0.0.0/8", "", false),
        ("10.0.0.0/8", "10.1.2.3:80", false), ("10.1.2.3/32", "10.1.2.3", true),
        ("10.1.2.3/32", "10.1.2.4", false),
        ("0.0.0.0/0", "255.255.255.255", true), ("0.0.0.0/0", "::1", false), ("10.1.2.3/8", "10.9.9.9", true),
        ("::/0", "::1", true), ("::/0", "10.1.2.3", false), ("2001:db8::/32", "2001:db8:ffff::1", true),
        ("2001:db8::/32", "2001:DB9::", false), ("2001:db8::/32", "2001:0db8:0:0:0:0:0:1", true),
        ("fe80::/10", "febf::1", true), ("fe80::/10", "fec0::1", false), ("::1/128", "0:0:0:0:0:0:0:1", true),
        ("::ffff:10.0.0.0/104", "10.1.2.3", true), ("2001:db8::/32", "2001:db8::1::", false),
        ("2001:db8::/32", "2001:db8:1", false), ("2001:db8::/32", "2001:db8:12345::", false),
    ])
    func `an address lies in a network`(_ network: String, _ value: String, _ isIn: Bool) throws {
        let network = try #require(Network(network))
        #expect(IPAddress(value).map(network.contains) ?? false == isIn)
        if network.description.contains("/") || !network.base.isV4 {
            #expect(NaiveNetwork(network.description).holds(Array(value.utf8)) == isIn)
        }
    }

    @Test(arguments: [
        "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0/8", "/8", "::/129", "::ffff:10.0.0.0/8", "::/1x",
    ])
    func `a text is no network`(_ text: String) { #expect(Network(text) == nil) }

    @Test(arguments: [
        ("2001:DB8:0:0::1", "2001:db8::1"), ("::", "::"), ("0:0:1::", "0:0:1::"),
        ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
        ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ("::1.2.3.4", "::102:304"),
        ("::ffff:1.2.3.4", "1.2.3.4"), ("64:ff9b::1.2.3.4", "64:ff9b::102:304"),
    ])
    func `an address has one canonical text`(_ text: String, _ expected: String) {
        #expect(IPAddress(text)?.description == expected)
    }

    @Test func `random texts are an address to both readers or to none`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix(seed: seed)
        let pieces = ["1", "0", "255", "ffff", "A", ":", ":", "::", ".", "1.2.3.4", "10", "00", "g", "/"]
        var found = 0
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 1...9, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }.joined()
            let address = IPAddress(text)
            let bits = NaiveNetwork.bits(text)
            #expect((address == nil) == (bits == nil), "seed \(seed): \(text)")
            guard let address, let bits else { continue }
            found += 1
            #expect(NaiveNetwork.bits(address.description) == bits, "seed \(seed): \(text)")
            #expect(IPAddress(address.description) == address, "seed \(seed): \(text)")
        }
        #expect(found > 50, "seed \(seed)")
    }
}
