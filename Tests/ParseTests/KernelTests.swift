import Testing

@testable import Parse

@Suite struct KernelTests {
    static let lines: [(String, String)] = [
        (
            "kernel",
            "[12674673.520226] rsvg-convert[39547]: segfault at 30 ip 00007f2a5710c24f sp 00007ffcdaa60210 error 4 in libcairo.so.2.11400.0[7f2a570b3000+110000]"
        ),
        ("kernel", "[    0.000000] Linux version 6.1.0 (debian) x"),
        ("kernel", "[ 12.5] Out of memory: Killed process 1234 (php-fpm8.2) total-vm:1kB, anon-rss:1kB"),
        (
            "ulogd",
            "[fw-in-drop] IN=eth0 OUT= MAC=aa:00:00:c7:16:43:a8:d0:e5:e3:87:c2:08:00 SRC=192.0.2.7 DST=192.0.2.50 LEN=40 TOS=00 PREC=0x00 TTL=49 ID=21441 PROTO=TCP SPT=3068 DPT=23 SEQ=3494943026 ACK=0 WINDOW=16390 SYN URGP=0 MARK=0"
        ),
        (
            "kernel",
            "[  203.842973] [LAN_WAN-30-R]IN=eth1 OUT=eth0.7 MAC= SRC=2001:0db8:0000:0000:0000:0000:0000:0001 DST=2001:0db8:0000:0000:0000:0000:0000:0002 LEN=104 TC=0 HOPLIMIT=63 FLOWLBL=394223 PROTO=ICMPv6 TYPE=128 CODE=0 ID=7 SEQ=2"
        ),
        (
            "kernel",
            "[lan-wan-10-A]IN=a OUT=b SRC=192.0.2.1 DST=192.0.2.2 LEN=88 TOS=0x1C PREC=0xC0 TTL=64 ID=1 DF MF FRAG:185 PROTO=UDP SPT=53 DPT=53 LEN=68"
        ),
        (
            "kernel",
            "IN=eth0 OUT= SRC=192.0.2.1 DST=192.0.2.2 LEN=56 TOS=0x00 PREC=0x00 TTL=250 ID=9 PROTO=ICMP TYPE=3 CODE=1 [SRC=192.0.2.2 DST=198.51.100.1 LEN=60 PROTO=TCP INCOMPLETE [8 bytes] ] MARK=0x1"
        ),
        ("kernel", "TL=126 ID=15317 DF PROTO=TCP SPT=59344 DPT=443 WINDOW=8212 RES=0x00 ACK PSH URGP=0"),
    ]

    private func read(_ index: Int) throws -> ParsedLine {
        try ParsedLine("<4>Nov 22 11:00:03 web1 \(Self.lines[index].0): \(Self.lines[index].1)")
    }

    @Test func `the seconds since the start are a field, and the message comes behind them`() throws {
        let line = try read(1)
        #expect(line["uptime"] == "0.000000")
        #expect(line["message"] == "Linux version 6.1.0 (debian) x")
        #expect(line.format == "kernel")
    }

    @Test func `a process that dies is named`() throws {
        let fault = try read(0)
        #expect(fault["process"] == "rsvg-convert")
        #expect(fault["child_pid"] == "39547")
        #expect(fault["object"] == "libcairo.so.2.11400.0")
        #expect(fault["message"]?.hasPrefix("rsvg-convert[39547]: segfault") == true)
        let killed = try read(2)
        #expect(killed["process"] == "php-fpm8.2")
        #expect(killed["child_pid"] == "1234")
        #expect(killed["uptime"] == "12.5")
    }

    @Test func `a packet gives its pairs, its flags and the prefix`() throws {
        let line = try read(3)
        #expect(line.format == "iptables")
        #expect(line["message"] == Self.lines[3].1)
        #expect(
            line.body.filter { !$0.hasPrefix("message=") } == [
                "log_prefix=[fw-in-drop]", "action=drop", "in_dev=eth0", "out_dev=",
                "dst_mac=aa:00:00:c7:16:43", "src_mac=a8:d0:e5:e3:87:c2", "ether_type=08:00",
                "client_ip=192.0.2.7", "dst_ip=192.0.2.50", "length=40", "tos=00", "precedence=0x00",
                "ttl=49", "packet_id=21441", "transport=TCP", "client_port=3068", "dst_port=23",
                "tcp_seq=3494943026", "tcp_ack=0", "tcp_window=16390", "tcp_flags=SYN", "tcp_urgent=0",
                "mark=0",
            ])
    }

    @Test func `the rule of a router is taken apart`() throws {
        let line = try read(4)
        #expect(line["rule"] == "LAN_WAN")
        #expect(line["rule_number"] == "30")
        #expect(line["action"] == "reject")
        #expect(line["log_prefix"] == nil)
        #expect(line["uptime"] == "203.842973")
        #expect(line["client_ip"] == "2001:0db8:0000:0000:0000:0000:0000:0001")
        #expect(line["ttl"] == "63")
        #expect(line["flow_label"] == "394223")
        #expect(line["icmp_type"] == "128")
        #expect(line["icmp_id"] == "7")
        #expect(line["icmp_seq"] == "2")
        let zones = try read(5)
        #expect(zones["rule"] == "lan-wan")
        #expect(zones["in_zone"] == "lan")
        #expect(zones["out_zone"] == "wan")
        #expect(zones["action"] == "accept")
        #expect(zones.body.filter { $0.hasPrefix("ip_flags=") } == ["ip_flags=DF", "ip_flags=MF"])
        #expect(zones["fragment_offset"] == "185")
        #expect(zones["length"] == "88")
        #expect(zones["udp_length"] == "68")
    }

    @Test func `the packet inside of an ICMP error is one text`() throws {
        let line = try read(6)
        #expect(line["client_ip"] == "192.0.2.1")
        #expect(line["icmp_type"] == "3")
        #expect(line["icmp_packet"]?.hasPrefix("SRC=192.0.2.2 DST=198.51.100.1") == true)
        #expect(line["transport"] == "ICMP")
    }

    @Test func `a link header may have no source`() throws {
        let rest = "SRC=192.0.2.1 DST=192.0.2.2 LEN=40 PROTO=TCP SPT=1 DPT=2 SYN"
        let line = try ParsedLine(
            "<4>Nov 22 11:00:03 web1 kernel: IN=a OUT= MAC=00:01:02:03:04:05:08:00 \(rest)")
        #expect(line["dst_mac"] == "00:01:02:03:04:05")
        #expect(line["src_mac"] == nil)
        #expect(line["ether_type"] == "08:00")
        let short = try ParsedLine("<4>Nov 22 11:00:03 web1 kernel: IN=a OUT= MAC=45:00 \(rest)")
        #expect(short["dst_mac"] == nil)
        #expect(short["client_ip"] == "192.0.2.1")
    }

    @Test func `a packet that lost its beginning is read from there on`() throws {
        let line = try read(7)
        #expect(line["ttl"] == "126")
        #expect(line["packet_id"] == "15317")
        #expect(line.body.filter { $0.hasPrefix("tcp_flags=") } == ["tcp_flags=ACK", "tcp_flags=PSH"])
        #expect(line["tcp_reserved"] == "0x00")
    }

    @Test func `a prefix that stands for the program is no hindrance`() throws {
        let line = try ParsedLine(
            "Nov 22 03:37:09 DENY: IN=eth0 OUT= SRC=192.0.2.1 DST=192.0.2.2 LEN=40 PROTO=TCP SPT=1 DPT=2 SYN")
        #expect(line["program"] == "DENY")
        #expect(line.format == "iptables")
        #expect(line["dst_port"] == "2")
    }

    @Test(arguments: ["mail PROTO=x sent", "IN=x y", "a PROTO=TCP b=c"])
    func `words with a sign of equality are no packet`(_ text: String) throws {
        let line = try ParsedLine("<4>Nov 22 11:00:03 web1 kernel: \(text)")
        #expect(line.format == "kernel")
        #expect(line["message"] == text)
        #expect(line["transport"] == nil)
    }

    @Test func `ulogd's message inside of an object is read`() throws {
        let line = try ParsedLine(
            #"<4>1 - - ulogd - - - {"timestamp":"2026-11-22T10:34:50Z","message":"[a] IN=e OUT= SRC=192.0.2.1 "#
                + #"DST=192.0.2.2 LEN=4 PROTO=TCP SPT=1 DPT=2"}"#)
        #expect(line.format == "ulogd-json")
        #expect(line["dst_port"] == "2")
        #expect(line["log_prefix"] == "[a]")
    }
}
