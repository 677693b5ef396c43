/// What the channels of MediaWiki log: which channel a text is of, and the fields that it holds.
///
/// A line of LegacyLogger does not name its channel: that is the name of the file. Where the program does not
/// tell it (`mw-api`), the texts that only one channel writes do.
enum MediaWikiChannels {
    private static let channel = FieldID(named: "channel")

    /// Adds the channel that the program's name ends with: `mw-exception`, `mediawiki-exception`.
    static func addChannel(ofProgram bytes: Span<UInt8>, _ event: inout EventWriter) {
        let first = Int(event.event.firstField)
        for index in first..<max(first, event.fields.count) where event.fields[index].field == .program {
            let value = event.fields[index]
            // A name that came with the file, not with the line, is no part of the bytes.
            guard value.role != .derived else { return }
            let range = value.bytes.range
            for prefix: StaticString in ["mw-", "mw_", "mediawiki-", "mediawiki_"]
            where range.upperBound <= bytes.count && range.count > prefix.utf8CodeUnitCount
                && bytes.has(prefix, at: range.lowerBound, to: range.upperBound)
            {
                let start = range.lowerBound &+ prefix.utf8CodeUnitCount
                return event.addDerived(channel, bytes, start..<range.upperBound)
            }
            return
        }
    }

    /// Adds the fields of a text inside the message, and returns its channel; nil where the text is of no
    /// channel in particular.
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> StaticString? {
        let start = range.lowerBound
        let end = range.upperBound
        switch bytes[start] {
        case UInt8(ascii: "["): return MediaWikiException.read(bytes, range, &event)
        case UInt8(ascii: "\""):
            return MediaWikiRequests.readFeature(bytes, range, &event) ? "api-feature-usage" : nil
        case UInt8(ascii: "A") where bytes.has("API ", at: start, to: end):
            return MediaWikiRequests.readAPI(bytes, range, &event) ? "api" : nil
        case UInt8(ascii: "H") where bytes.has("HTTP ", at: start, to: end):
            MediaWikiRequests.readHTTP(bytes, range, &event)
            return "http"
        default: break
        }
        if let name = MediaWikiQueries.read(bytes, range, &event) { return name }
        if isReply(bytes, range) { return "memcached" }
        for index in texts.indices where bytes.has(texts[index].text, at: start, to: end) {
            MediaWikiAccounts.read(bytes, range, &event)
            return texts[index].channel
        }
        return MediaWikiJobs.read(bytes, range, &event) ? "runJobs" : nil
    }

    /// Whether a text is what MemcachedClient says of a command: `add wiki:key (STORED)`.
    private static func isReply(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let start = range.lowerBound
        var at = range.upperBound
        guard bytes[at &- 1] == UInt8(ascii: ")") else { return false }
        at &-= 1
        while at > start, bytes[at &- 1] &- 65 < 26 || bytes[at &- 1] == UInt8(ascii: "_") { at &-= 1 }
        guard range.upperBound &- at > 3, at &- start > 3, bytes.has(" (", at: at &- 2, to: at) else {
            return false
        }
        for word: StaticString in ["add ", "set ", "cas ", "replace ", "delete ", "incr ", "decr ", "touch "]
        where bytes.has(word, at: start, to: at) {
            let key = start &+ word.utf8CodeUnitCount
            return bytes.find(UInt8(ascii: " "), from: key, to: at) == at &- 2
        }
        return false
    }

    /// How the texts of a channel begin, by the classes that write them.
    private static let texts: [(text: StaticString, channel: StaticString)] = [
        // AuthManager, Throttler
        ("Login for ", "authentication"), ("Login failed in ", "authentication"),
        ("Primary login with ", "authentication"), ("Secondary login with ", "authentication"),
        ("Authentication failed", "authentication"), ("Login failed for ", "badpass"),
        ("Login succeeded for ", "goodpass"),
        ("MediaWiki\\Auth\\", "authentication"), ("Throttle ", "throttler"), ("Login attempt", "authevents"),
        // SessionManager, SessionBackend, CookieSessionProvider
        ("SessionBackend ", "session"), ("Session \"", "session"), ("Persisting session ", "session"),
        ("SessionManager using store ", "session"), ("Saving all sessions ", "session"),
        // WebResponse
        ("setcookie: ", "cookie"), ("setrawcookie: ", "cookie"), ("already set set", "cookie"),
        ("already deleted set", "cookie"),
        // LoadBalancer, LBFactory, ChronologyProtector
        ("Wikimedia\\Rdbms\\LoadBalancer", "DBConnection"), ("LoadBalancer::", "DBConnection"),
        ("Wikimedia\\Rdbms\\LBFactory", "DBReplication"),
        ("Wikimedia\\Rdbms\\ChronologyProtector", "DBReplication"),
        ("ChronologyProtector using store ", "DBReplication"), ("Expectation (", "DBPerformance"),
        // MemcachedClient and the stores above it; what WANObjectCache logs goes to the channel of its store.
        ("get(", "memcached"), ("getMulti(", "memcached"), ("client: ", "memcached"),
        ("getWithSetCallback(", "memcached"), ("getMultiWithSetCallback(", "memcached"),
        ("fetchOrRegenerate(", "memcached"), ("Duplicate get(): ", "memcached"),
        ("MediumSpecificBagOStuff::", "memcached"), ("MemcachedPeclBagOStuff::", "memcached"),
        ("MemcachedPhpBagOStuff::", "memcached"), ("MemcachedBagOStuff::", "memcached"),
        ("Memcached error", "memcached"), ("Memcached connection to ", "memcached"),
        // LocalisationCache, MessageCache, ParserCache, RevisionOutputCache, ObjectCache
        ("LocalisationCache", "localisation"), ("MessageCache", "MessageCache"),
        ("Creating ParserCache ", "ParserCache"), ("Creating RevisionOutputCache ", "ParserCache"),
        ("ParserOutput ", "ParserCache"), ("Parser cache ", "ParserCache"), ("Parser output ", "ParserCache"),
        ("Parser options ", "ParserCache"), ("metadata key ", "ParserCache"),
        ("Saved in parser ", "ParserCache"),
        ("Parsing ", "slow-parse"), ("MainObjectStash using store ReplicatedBagOStuff", "SQLBagOStuff"),
        ("MainObjectStash using store SqlBagOStuff", "SQLBagOStuff"),
        // PageEditStash
        ("Empty cache for key '", "StashEdit"), ("Got cache for key '", "StashEdit"),
        ("Stale cache for key '", "StashEdit"), ("Timestamp-based cache hit for key ", "StashEdit"),
        ("Edit check based cache hit for key ", "StashEdit"),
        ("Edit count based cache hit for key ", "StashEdit"), ("Cached parser output for key '", "StashEdit"),
        ("Uncacheable parser output for key '", "StashEdit"), ("Failed to cache parser output ", "StashEdit"),
        // Others
        ("Registered handler for ", "ContentHandler"), ("Created handler for ", "ContentHandler"),
        ("Executing: ", "exec"), ("Possibly missing executable ", "exec"), ("Error running ", "exec"),
        ("thumbnail failed on ", "thumbnail"), ("Removing bad ", "thumbnail"),
    ]
}

/// What the classes around accounts log, and the parser.
enum MediaWikiAccounts {
    private static let user = FieldID(named: "user"), duration = FieldID(named: "duration")

    /// What begins a text of a login that went well, or did not.
    private static let verdicts: [(text: StaticString, isAccepted: Bool)] = [
        ("Login failed ", false), ("Authentication failed", false), ("Throttle password ", false),
        ("Login succeeded for ", true),
    ]

    /// Whether a text says that somebody was let in; nil where it says neither.
    static func isAccepted(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool? {
        let end = range.upperBound
        if bytes.has("Login for ", at: range.lowerBound, to: end) {
            return bytes.find(" succeeded from ", from: range.lowerBound &+ 10, to: end).map { _ in true }
        }
        return verdicts.first { bytes.has($0.text, at: range.lowerBound, to: end) }?.isAccepted
    }

    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) {
        if let isAccepted = isAccepted(bytes, range) { event.addLogin(isAccepted: isAccepted) }
        let start = range.lowerBound
        let end = range.upperBound
        for word: StaticString in ["Login failed for ", "Login succeeded for ", "Authentication failed for "]
        where bytes.has(word, at: start, to: end) {
            return readFrom(bytes, start &+ word.utf8CodeUnitCount..<end, &event)
        }
        if bytes.has("Login for ", at: start, to: end) {
            // Names are the client's: the words of MediaWiki are told from the right.
            guard let words = bytes.findLast(" succeeded from ", from: start &+ 10, to: end) else { return }
            event.add(user, bytes, start &+ 10..<words)
            event.addClient(bytes, words &+ 16..<end)
        } else if bytes.has("Throttle ", at: start, to: end) {
            guard let name = bytes.find(" attempts from username ", from: start, to: end),
                let words = bytes.findLast(" and IP ", from: name &+ 24, to: end)
            else { return }
            event.add(user, bytes, name &+ 24..<words)
            event.addClient(bytes, words &+ 8..<end)
        } else if bytes.has("Parsing ", at: start, to: end) {
            guard let words = bytes.findLast(" was slow, took ", from: start, to: end) else { return }
            let number = words &+ 16..<bytes.find(UInt8(ascii: " "), from: words &+ 16, to: end)
            if GrokType.number.accepts(bytes, number) { event.add(duration, bytes, number) }
        }
    }

    /// Reads `alice from 203.0.113.9` and what may stand behind.
    private static func readFrom(_ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter) {
        guard let from = bytes.find(" from ", from: text.lowerBound, to: text.upperBound) else { return }
        event.add(user, bytes, text.lowerBound..<from)
        let address = from &+ 6..<bytes.find(UInt8(ascii: " "), from: from &+ 6, to: text.upperBound)
        if bytes.isAddress(address) { event.addClient(bytes, address) }
    }
}

/// The channel `runJobs` (JobRunner): `type Title key=value… (id=1,timestamp=…) STARTING`, or at the end
/// `t=12 good` or `t=12 error=…`.
enum MediaWikiJobs {
    private static let job = FieldID(named: "job"), duration = FieldID(named: "duration")
    private static let outcome = FieldID(named: "outcome_text")

    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) -> Bool {
        let start = range.lowerBound
        let end = range.upperBound
        let type = start..<bytes.find(UInt8(ascii: " "), from: start, to: end)
        if type.upperBound < end, bytes.has("STARTING", at: end &- 8, to: end) {
            guard end &- 9 >= type.upperBound, bytes[end &- 9] == UInt8(ascii: " ") else { return false }
            event.add(job, bytes, type)
            event.add(outcome, bytes, end &- 8..<end)
            return true
        }
        guard let time = bytes.findLast(" t=", from: type.upperBound, to: end) else { return false }
        let number = MediaWikiQueries.digits(bytes, time &+ 3, end)
        guard !number.isEmpty, number.upperBound < end,
            bytes.has(" good", at: number.upperBound, to: end)
                || bytes.has(" error=", at: number.upperBound, to: end)
        else { return false }
        event.add(job, bytes, type)
        event.addMilliseconds(duration, bytes, number)
        if bytes.has(" error=", at: number.upperBound, to: end) { event.raise(to: 3) }
        event.add(outcome, bytes, number.upperBound &+ 1..<end)
        return true
    }
}
