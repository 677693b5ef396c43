import Parse
import Testing

@testable import Query

struct HostRulesTests {
    private static func rule(
        _ names: [String] = [], _ networks: [String] = [], _ listeners: [Peer.Listener] = [],
        zone: String? = nil,
        aliases: [String] = []
    ) -> HostRule {
        var rule = HostRule()
        rule.names = names
        rule.networks = networks.compactMap { Network($0) }
        rule.listeners = listeners
        rule.zone = zone
        rule.aliases = aliases
        return rule
    }

    private static let rules = HostRules([
        rule(["web1"], aliases: ["10.0.0.5", "www"]), rule(["db*"], zone: "one"),
        rule([], ["10.1.0.0/16", "2001:db8::/32"], zone: "two"), rule(["x"], ["192.0.2.0/24"], zone: "three"),
        rule([], [], [.udp], zone: "four"), rule(["mail"], zone: "five", aliases: ["mx"]),
    ])

    @Test(
        arguments: [
            ("db1", Peer.Listener.tcp, "", "one"), ("DB9.example.test", .udp, "10.1.2.3", "one"),
            ("a", .tcp, "10.1.2.3", "two"), ("a", .tcp, "2001:db8::7", "two"), ("a", .tcp, "10.2.0.1", nil),
            ("x", .tcp, "192.0.2.7", "three"), ("y", .tcp, "192.0.2.7", nil),
            ("y", .udp, "192.0.2.7", "four"),
            ("mail", .tcp, "", "five"), ("mail.example.test", .tcp, "", "five"), ("mx", .tcp, "", "five"),
            ("mailer", .tcp, "", nil), ("web1", .tcp, "", nil), ("", .tcp, "no address", nil),
        ] as [(String, Peer.Listener, String, String?)])
    func `the first rule that admits a host gives its zone`(
        _ host: String, _ listener: Peer.Listener, _ address: String, _ zone: String?
    ) {
        #expect(Self.rules.zone(of: Array(host.utf8), Peer(listener, address)) == zone)
    }

    @Test func `any name of a host is all of them`() {
        let all = ["web1", "10.0.0.5", "www"]
        for name in all + ["WWW"] { #expect(Self.rules.names(of: name) == all) }
        #expect(Self.rules.names(of: "db1") == [])
        #expect(Self.rules.names(of: "mx") == ["mail", "mx"])
    }

    @Test(arguments: [
        ("host:web1", "host:(web1 OR 10.0.0.5 OR www)"), ("-host:www x", "-host:(web1 OR 10.0.0.5 OR www) x"),
        ("host:web1,db1", "host:(web1 OR 10.0.0.5 OR www OR db1)"), ("host:=www", "host:=www"),
        ("host:w*", "host:w*"), ("program:www", "program:www"), ("host:db1", "host:db1"),
        ("x | where host:mx | count", "x | where host:(mail OR mx) | count"),
    ]) func `a query for one name asks for all`(_ text: String, _ wanted: String) throws {
        #expect(Self.rules.widened(try Query.parse(text)) == (try Query.parse(wanted)))
    }
}

struct HostMergeTests {
    /// The name that each host is listed under.
    private func chiefs(
        _ addresses: [String: Set<String>], _ rules: HostRules = .none
    ) -> [String: String] {
        let names = addresses.keys.sorted().map { Array($0.utf8) }
        let merge = HostMerge(names, rules) { asked in
            var known: [[UInt8]: Set<[UInt8]>] = [:]
            for name in asked {
                known[name] = Set(
                    (addresses[String(decoding: name, as: UTF8.self)] ?? []).map { Array($0.utf8) })
            }
            return known
        }
        return addresses.keys.reduce(into: [:]) {
            $0[$1] = String(decoding: merge.chief(of: Array($1.utf8)), as: UTF8.self)
        }
    }

    @Test func `a short and a full name of one address are one host`() {
        let found = chiefs(["web1": ["a"], "web1.example.test": ["a"], "web2": ["b"], "web2.x.test": ["c"]])
        #expect(
            found == [
                "web1": "web1", "web1.example.test": "web1", "web2": "web2", "web2.x.test": "web2.x.test",
            ])
    }

    @Test func `two full names are two hosts, and a relay does not make them one`() {
        let apart = ["web1.a.test": Set(["a"]), "web1.b.test": Set(["a"])]
        #expect(chiefs(apart) == ["web1.a.test": "web1.a.test", "web1.b.test": "web1.b.test"])
        let relayed = apart.merging(["web1": Set(["a"])]) { $1 }
        #expect(chiefs(relayed).allSatisfy { $0 == $1 })
        let near = ["web1.a.test": Set(["a"]), "web1.b.test": Set(["b"]), "web1": Set(["b"])]
        #expect(chiefs(near) == ["web1.a.test": "web1.a.test", "web1.b.test": "web1", "web1": "web1"])
    }

    @Test func `addresses have no first label`() {
        #expect(chiefs(["10": ["a"], "10.0.0.1": ["a"]]) == ["10": "10", "10.0.0.1": "10.0.0.1"])
    }

    @Test func `aliases are one host, wherever they come from`() {
        var rule = HostRule()
        rule.names = ["web1"]
        rule.aliases = ["10.0.0.5", "www"]
        let found = chiefs(
            ["10.0.0.5": ["a"], "www": ["b"], "www.example.test": ["b"], "w": ["b"]], HostRules([rule]))
        #expect(found == ["10.0.0.5": "web1", "www": "web1", "www.example.test": "web1", "w": "w"])
    }
}
