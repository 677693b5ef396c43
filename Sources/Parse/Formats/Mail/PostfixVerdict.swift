/// What smtpd, cleanup and postscreen decide.
///
///     reject: RCPT from NAME[ADDRESS]: 550 5.1.1 <a@b>: reason; from=<c@d> to=<a@b> proto=ESMTP helo=<e>
enum PostfixVerdict {
    private static let action = FieldID(named: "action"), stage = FieldID(named: "smtp_stage")
    private static let code = FieldID(named: "smtp_code"), dsn = FieldID(named: "dsn")
    private static let target = FieldID(named: "reject_target"), reason = FieldID(named: "reject_reason")
    private static let proxyResult = FieldID(named: "proxy_result"), proxyText = FieldID(named: "proxy_text")
    private static let milterResult = FieldID(named: "milter_result")
    private static let milterText = FieldID(named: "milter_text")
    private static let tooBusy = FieldID(named: "too_busy")

    private static let actions: [StaticString] = [
        "reject: ", "reject_warning: ", "milter-reject: ", "milter-discard: ", "milter-hold: ",
        "milter-quarantine: ",
        "proxy-reject: ", "proxy-accept: ", "filter: ", "hold: ", "discard: ", "redirect: ", "warn: ",
        "prepend: ",
        "replace: ", "strip: ", "bcc: ", "accept: ", "defer: ", "header-redirect: ", "delay: ", "pass: ",
        "permit: ",
    ]

    static func read(_ bytes: Span<UInt8>, _ text: Range<Int>, _ event: inout EventWriter) -> Bool {
        let end = text.upperBound
        guard let word = actions.first(where: { bytes.has($0, at: text.lowerBound, to: end) }) else {
            return false
        }
        var at = text.lowerBound &+ word.utf8CodeUnitCount
        let mark = event.mark
        let name = text.lowerBound..<at &- 2
        let isProxy = bytes.has("proxy-", at: name.lowerBound, to: end)
        let isMilter = bytes.has("milter-", at: name.lowerBound, to: end)
        if isProxy || isMilter {
            event.addSpan(action, bytes, name)
            let result = name.lowerBound &+ (isProxy ? 6 : 7)..<name.upperBound
            event.add(isProxy ? proxyResult : milterResult, bytes, result)
        } else {
            event.add(action, bytes, name)
        }

        // `header Subject: …` and `body …` of cleanup end with ` from name[address];`.
        let isContent =
            bytes.has("header ", at: at, to: end) || bytes.has("body ", at: at, to: end)
            || bytes.has("mime-header ", at: at, to: end)
        let pairs = PostfixPairs.beginning(bytes, at..<end)
        let textEnd = pairs.map { $0 &- 2 } ?? end
        if isContent {
            let word = bytes.find(UInt8(ascii: " "), from: at, to: end)
            event.add(stage, bytes, at..<word)
            at = word &+ 1
            addContent(bytes, at..<max(at, textEnd), &event)
        } else {
            var stageEnd = at
            while stageEnd < end, bytes[stageEnd] &- 65 < 26 || bytes[stageEnd] == UInt8(ascii: "-") {
                stageEnd &+= 1
            }
            guard stageEnd > at else {
                event.takeBack(mark)
                return false
            }
            if isMilter { event.addSpan(milterText, bytes, at..<max(stageEnd, textEnd)) }
            event.add(stage, bytes, at..<stageEnd)
            at = stageEnd
            if bytes.has(" from ", at: at, to: end), let peer = PostfixPeer(bytes, at: at &+ 6, to: end) {
                peer.addClient(bytes, &event)
                at = peer.end
            }
            if bytes.has(": ", at: at, to: end) { at &+= 2 }
            if isProxy { event.addSpan(proxyText, bytes, min(at, textEnd)..<textEnd) }
            addReply(bytes, min(at, textEnd)..<textEnd, hasPairs: pairs != nil, &event)
        }
        if let pairs { addPairs(bytes, pairs..<end, &event) }
        return true
    }

    /// Adds the matched text of a mail, and who sent it.
    private static func addContent(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) {
        guard let from = bytes.findLast(" from ", from: range.lowerBound, to: range.upperBound) else {
            return event.addUnnamed(bytes, range)
        }
        event.add(target, bytes, range.lowerBound..<from)
        if let peer = PostfixPeer(bytes, at: from &+ 6, to: range.upperBound) {
            peer.addClient(bytes, &event)
            event.addUnnamed(bytes, peer.end..<range.upperBound)
        } else {
            event.addUnnamed(bytes, from &+ 6..<range.upperBound)
        }
    }

    /// Adds `550 5.1.1 <a@b>: reason`, `5.7.1 reason` or `reason`.
    private static func addReply(
        _ bytes: Span<UInt8>, _ range: Range<Int>, hasPairs: Bool, _ event: inout EventWriter
    ) {
        var at = range.lowerBound
        let end = range.upperBound
        let hasCode =
            end &- at >= 4 && isDigit(bytes[at]) && isDigit(bytes[at &+ 1]) && isDigit(bytes[at &+ 2])
            && bytes[at &+ 3] == UInt8(ascii: " ")
        if hasCode {
            event.add(code, bytes, at..<at &+ 3)
            at &+= 4
        }
        let status = enhanced(bytes, at, end)
        if status > at {
            event.add(dsn, bytes, at..<status)
            at = min(status &+ 1, end)
        }
        // A word of postscreen: `all server ports busy`.
        if !hasCode, status == at, !hasPairs, at < end { return event.add(tooBusy, bytes, at..<end) }
        if at < end, bytes[at] == UInt8(ascii: "<"), let close = bytes.find(">: ", from: at, to: end) {
            event.add(target, bytes, at &+ 1..<close)
            at = close &+ 3
        } else if bytes.has("Service unavailable; ", at: at, to: end),
            let blocked = bytes.find("] blocked using ", from: at, to: end),
            let open = bytes.findLast("[", from: at, to: blocked)
        {
            event.addUnnamed(bytes, at..<open)
            event.add(target, bytes, open &+ 1..<blocked)
            at = blocked &+ 2
        }
        event.add(reason, bytes, at..<end)
    }

    /// The offset behind `5.7.1` (RFC 3463) and before a blank; `at` where there is none.
    private static func enhanced(_ bytes: Span<UInt8>, _ at: Int, _ end: Int) -> Int {
        var next = at
        var points = 0
        while next < end, isDigit(bytes[next]) || bytes[next] == UInt8(ascii: ".") {
            if bytes[next] == UInt8(ascii: ".") { points &+= 1 }
            next &+= 1
        }
        return points == 2 && next &- at >= 5 && (next == end || bytes[next] == UInt8(ascii: " ")) ? next : at
    }

    /// Adds the pairs, and behind them the reply of cleanup: `: 5.7.1 reason`.
    private static func addPairs(_ bytes: Span<UInt8>, _ range: Range<Int>, _ event: inout EventWriter) {
        let end = PostfixPairs.end(bytes, range.lowerBound, range.upperBound).end
        _ = PostfixPairs.add(bytes, range.lowerBound..<end, &event)
        guard bytes.has(": ", at: end, to: range.upperBound) else {
            return event.addUnnamed(bytes, end..<range.upperBound)
        }
        addReply(bytes, end &+ 2..<range.upperBound, hasPairs: true, &event)
    }
}
