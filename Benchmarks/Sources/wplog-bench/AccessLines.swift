/// Access lines as a dozen web hosts write them.
///
/// Line i depends on i, `count` and `day` alone.
struct AccessLines {
    let count: Int
    /// First second of the day that the lines are spread over.
    let day: Int

    private static let hosts = table([
        ("www", 20), ("docs", 14), ("blog", 13), ("code", 10), ("project", 8), ("talk", 7), ("discuss", 7),
        ("stats", 6), ("notes", 5), ("accounts", 5), ("mail", 3), ("depot", 2),
    ])
    private static let statuses = table([
        ("200", 905), ("304", 45), ("404", 22), ("301", 16), ("500", 5), ("206", 4), ("502", 2), ("403", 1),
    ])
    private static let paths = table([
        ("/", 10), ("/wiki/", 20), ("/static/css/", 8), ("/static/js/", 8), ("/images/", 14),
        ("/api/v1/items/", 12),
        ("/archive/2026/", 9), ("/search?q=", 6), ("/feeds/", 8), ("/files/", 5),
    ])
    private static let pages = table([
        ("Main_Page", 6), ("index.html", 6), ("style.css", 4), ("app.js", 4), ("logo.png", 5), ("install", 3),
        ("changes", 2), ("guide/first-steps", 2), ("reference", 2), ("contact", 1), ("feed.xml", 4),
        ("list", 2),
    ])
    private static let referrers = table([
        ("-", 40), ("https://www.example.org/", 20), ("https://docs.example.org/wiki/Main_Page", 12),
        ("https://search.example.com/?q=logs", 8), ("https://blog.example.net/2026/11/", 6),
    ])
    private static let agents = table([
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0", 24),
        (
            "Mozilla/5.0 (Windows NT 6.1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36",
            16
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
            18
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML) Version/18.0 Safari/605",
            14
        ),
        ("Mozilla/5.0 (compatible; ExampleBot/2.1; +https://bot.example.com/)", 15), ("curl/8.5.0", 6),
        ("FeedReader/4.1 (+https://feeds.example.net/about)", 7),
    ])
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ].map { Array($0.utf8) }
    private static let hex = Array("0123456789abcdef".utf8)

    /// Each text as often as its weight says, so that one random number finds it.
    private static func table(_ weighted: [(text: String, weight: Int)]) -> [[UInt8]] {
        weighted.flatMap { [[UInt8]](repeating: Array($0.text.utf8), count: $0.weight) }
    }

    /// Appends line `index` with a newline behind it.
    func append(_ index: Int, _ frame: Load.Frame, to out: inout [UInt8]) {
        var random = Random(index)
        let nanoseconds =
            index * 86_400 / count * 1_000_000_000 + (index * 86_400 % count) * 1_000_000_000 / count
        let date = Date(second: day + nanoseconds / 1_000_000_000)
        let host = random.pick(Self.hosts)
        switch frame {
        case .rfc5424:
            out += Array("<190>1 ".utf8)
            digits(date.year, 4, &out)
            for part in [date.month, date.day] {
                out.append(UInt8(ascii: "-"))
                digits(part, 2, &out)
            }
            out.append(UInt8(ascii: "T"))
            clock(date, &out)
            out.append(UInt8(ascii: "."))
            digits(nanoseconds % 1_000_000_000 / 1_000, 6, &out)
            out += Array("Z ".utf8) + host + Array(" nginx 1187 access - ".utf8)
        case .rfc3164:
            out += Array("<190>".utf8) + Self.months[date.month - 1] + [0x20]
            if date.day < 10 { out.append(0x20) }
            digits(date.day, date.day < 10 ? 1 : 2, &out)
            out.append(0x20)
            clock(date, &out)
            out += [0x20] + host + Array(" nginx: ".utf8)
        }
        appendAccess(index, date, &random, &out)
        out.append(0x0A)
    }

    private func appendAccess(_ index: Int, _ date: Date, _ random: inout Random, _ out: inout [UInt8]) {
        // About a thousand networks, each with its hosts.
        let network = random.below(1_000)
        out += Array(
            "\(11 + network % 180).\(network / 4).\(network % 100).\(1 + random.below(254)) - - [".utf8)
        digits(date.day, 2, &out)
        out += [0x2F] + Self.months[date.month - 1] + [0x2F]
        digits(date.year, 4, &out)
        out.append(UInt8(ascii: ":"))
        clock(date, &out)
        out += Array(" +0000] \"GET ".utf8) + random.pick(Self.paths) + random.pick(Self.pages)
        if random.below(4) == 0 { out += Array("?page=\(random.below(500))".utf8) }
        out += Array(" HTTP/1.1\" ".utf8) + random.pick(Self.statuses)
        out += Array(" \(random.below(60) * random.below(2_000)) \"".utf8) + random.pick(Self.referrers)
        out += Array("\" \"".utf8) + random.pick(Self.agents) + Array("\" rid=".utf8)
        appendID(index, &out)
        out += Array(" rt=0.".utf8)
        digits(1 + random.below(1_024) * 971, 6, &out)
    }

    /// The id that line `index` alone has.
    func id(_ index: Int) -> String {
        var bytes: [UInt8] = []
        appendID(index, &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func appendID(_ index: Int, _ out: inout [UInt8]) {
        var random = Random(index &* 2 &+ 1_000_000_007)
        for _ in 0..<2 {
            let number = random.next()
            for shift in stride(from: 60, through: 0, by: -4) {
                out.append(Self.hex[Int(number >> shift & 15)])
            }
        }
    }

    private func clock(_ date: Date, _ out: inout [UInt8]) {
        digits(date.second / 3_600, 2, &out)
        out.append(UInt8(ascii: ":"))
        digits(date.second / 60 % 60, 2, &out)
        out.append(UInt8(ascii: ":"))
        digits(date.second % 60, 2, &out)
    }

    private func digits(_ value: Int, _ width: Int, _ out: inout [UInt8]) {
        var unit = 1
        for _ in 1..<width { unit *= 10 }
        while unit > 0 {
            out.append(UInt8(ascii: "0") + UInt8(value / unit % 10))
            unit /= 10
        }
    }

    /// A second as a calendar shows it; days from civil, in 400-year eras that begin in March.
    private struct Date {
        let year: Int, month: Int, day: Int
        /// Of the day.
        let second: Int

        init(second: Int) {
            self.second = second % 86_400
            let shifted = second / 86_400 + 719_468
            let dayOfEra = shifted % 146_097
            let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
            let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
            let march = (5 * dayOfYear + 2) / 153
            day = dayOfYear - (153 * march + 2) / 5 + 1
            month = march + (march < 10 ? 3 : -9)
            year = yearOfEra + shifted / 146_097 * 400 + (month <= 2 ? 1 : 0)
        }
    }

    /// SplitMix64.
    private struct Random {
        private var state: UInt64

        init(_ index: Int) { state = UInt64(truncatingIfNeeded: index) &* 0xD134_2543_DE82_EF95 &+ 42 }

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }

        mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

        mutating func pick(_ texts: [[UInt8]]) -> [UInt8] { texts[below(texts.count)] }
    }
}
