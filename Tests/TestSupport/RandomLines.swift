import Parse

/// Lines as programs write them, and as nobody should: the same ones again for the same seed.
package struct RandomLines {
    package var random: SeededRandom
    /// How far back the times in the lines reach.
    ///
    /// Nanoseconds before `LineBatch.received`.
    package var past: Int64 = 3 * 86_400_000_000_000
    /// Lines of 64 KiB come too.
    package var hasLongLines = false

    package init(seed: UInt64) { random = SeededRandom(seed: seed) }

    /// Words that lines of this generator hold, some of which look like parts of times.
    package static let words = [
        "timeout", "Accepted", "password", "root", "Main_Page", "wiki", "21", "2026", "Nov", "000", "500",
        "123456",
        "connection", "10", "x", "mon", "utc", "t", "z", "a1b2c3d4e5f6", "deadbeef00", "naïve", "caf\u{E9}",
    ]
    package static let hosts = ["docs", "docs.example.org", "blog", "www-1.example.org", "10.0.0.7", "a"]
    package static let addresses = [
        "10.0.0.7", "192.168.1.254", "1.2.3.4", "01.2.3.4", "256.1.1.1", "::1", "fe80::1",
    ]

    package mutating func lines(_ count: Int) -> [[UInt8]] { (0..<count).map { _ in line() } }

    /// One line: mostly well-formed, sometimes changed at random, sometimes noise.
    package mutating func line() -> [UInt8] {
        switch random.below(20) {
        case 0: return random.bytes(random.below(120))
        case 1: return strange()
        case 2...4: return mutated(Array(wellFormed().utf8))
        default: return Array(wellFormed().utf8)
        }
    }

    /// A line that its format reads.
    package mutating func wellFormed() -> String {
        let header = random.once(in: 3) ? header3164() : header5424()
        switch random.below(8) {
        case 0...3: return header(random.pick(["nginx", "apache2"])) + access()
        case 4:
            return header("sshd") + "Accepted publickey for \(word()) from \(address()) port \(number()) ssh2"
        case 5:
            return header("kernel") + "[\(number()).\(number())] \(word()): \(word())=\(number()) \(word())"
        case 6: return header("app") + "\(word()) \(word())-\(word()): \"\(word())\" \(number())\(word())"
        default: return header("cron") + ""
        }
    }

    // MARK: Parts

    private mutating func header5424() -> (String) -> String {
        let time = time(
            TimeLayout(.iso, zone: random.pick([.z, .colon]), fractionDigits: UInt8(random.below(10))))
        let host = random.pick(Self.hosts)
        let priority = random.below(192)
        let pid = random.once(in: 2) ? "-" : "\(number())"
        let data = random.once(in: 4) ? "[x@1 k=\"\(word())\" q=\"a\\\"b\"]" : "-"
        let mark = random.once(in: 6) ? "\u{FEFF}" : ""
        return { "<\(priority)>1 \(time) \(host) \($0) \(pid) - \(data) \(mark)" }
    }

    private mutating func header3164() -> (String) -> String {
        let time = time(TimeLayout(.bsd))
        let host = random.pick(Self.hosts)
        let priority = random.below(192)
        let pid = random.once(in: 2) ? "" : "[\(number())]"
        return { "<\(priority)>\(time) \(host) \($0)\(pid): " }
    }

    private mutating func access() -> String {
        let time = time(TimeLayout(.http, zone: .blank, offsetMinutes: random.pick([0, 120, -330])))
        let request = random.once(in: 8) ? "\\x16\\x03" : "GET /\(word())/\(word())?q=\(number()) HTTP/1.1"
        let status = random.pick(["200", "200", "404", "500", "502", "-"])
        var line =
            "\(address()) - \(random.once(in: 4) ? word() : "-") [\(time)] \"\(request)\" \(status) \(number())"
        if !random.once(in: 4) {
            line += " \"https://\(random.pick(Self.hosts))/\(word())\" \"curl/7.\(number())\""
        }
        for _ in 0..<random.below(5) {
            let key = random.pick(["rt", "uct", "a", "a", "b", "request_line", "message", "rid"])
            line +=
                " \(key)="
                + random.pick(["\(number())", "\"\(word()) \(word())\"", "-", "0.\(number())", word()])
        }
        return line
    }

    private mutating func time(_ layout: TimeLayout) -> String {
        var unit: Int64 = 1
        for _ in layout.fractionDigits..<9 { unit *= 10 }
        let instant = LineBatch.received - Int64.random(in: 0...past, using: &random)
        var text: [UInt8] = []
        layout.render(instant / unit * unit, into: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func word() -> String { random.pick(Self.words) }
    private mutating func address() -> String { random.pick(Self.addresses) }
    private mutating func number() -> Int {
        random.pick([0, 5, 10, 21, 500, 2_026, 123_456, random.below(100_000)])
    }

    private mutating func strange() -> [UInt8] {
        let words = Array(word().utf8)
        switch random.below(hasLongLines ? 9 : 8) {
        case 0: return []
        case 1: return Array("<13>Nov 22 11:00:00 docs app: a\0b\0".utf8) + words
        case 2: return Array("<13>Nov 22 11:00:00 docs app: \u{1B}[31m".utf8) + words + [0x1B, 0x5B, 0x6D]
        case 3:
            return Array("<13>Nov 22 11:00:00 docs app: caf".utf8) + [0xE9, 0x20, 0xFF, 0xC0, 0xAF] + words
        case 4: return Array(wellFormed().utf8) + [0x0D]
        case 5: return Array("<13>1 - - - - - -".utf8)
        case 6: return Array("<13>1 - docs app - - - ".utf8) + words + Array(" \u{202E}x".utf8)
        case 7: return words
        default:
            return Array("<13>1 - docs app - - - ".utf8)
                + (0..<65_536).map { UInt8(truncatingIfNeeded: $0 % 251) }
        }
    }

    /// The line with some bytes changed, left out, put in, or repeated.
    package mutating func mutated(_ line: [UInt8]) -> [UInt8] {
        var line = line
        for _ in 0...random.below(4) where !line.isEmpty {
            let place = random.below(line.count)
            switch random.below(4) {
            case 0: line[place] = UInt8.random(in: .min ... .max, using: &random)
            case 1: line.remove(at: place)
            case 2: line.insert(random.pick(Array(" \"[]=<>-.:\u{0}a5".utf8)), at: place)
            default:
                let end = min(line.count, place + random.below(20))
                line.insert(contentsOf: Array(line[place..<end]), at: random.below(line.count))
            }
        }
        return line
    }
}
