extension TimeLayout {
    /// Appends the time as this layout writes it: the bytes that were received, where role `time` was given.
    ///
    /// `nanoseconds` counts from the Unix epoch. `TimeRenderer` does the same faster for many times in a row.
    package func render(_ nanoseconds: Int64, into bytes: inout [UInt8]) {
        var renderer = TimeRenderer()
        renderer.render(nanoseconds, as: self, into: &bytes)
    }
}

/// Writes times, and remembers the last one of each style: times in a log stand close together, so mostly
/// only some digits change.
package struct TimeRenderer: Sendable {
    private var iso = Slot()
    private var bsd = Slot()
    private var http = Slot()
    private var other = Slot()

    package init() {}

    /// Appends `nanoseconds` (since the Unix epoch) in `layout`; nothing for `.none`.
    ///
    /// Any number is allowed.
    package mutating func render(_ nanoseconds: Int64, as layout: TimeLayout, into bytes: inout [UInt8]) {
        switch layout.style {
        case .none: break
        case .iso:
            iso.set(nanoseconds, layout)
            bytes.append(contentsOf: iso.text)
        case .bsd:
            bsd.set(nanoseconds, layout)
            bytes.append(contentsOf: bsd.text)
        case .http:
            http.set(nanoseconds, layout)
            bytes.append(contentsOf: http.text)
        case .sql, .slashed, .dashed, .weekday:
            other.set(nanoseconds, layout)
            bytes.append(contentsOf: other.text)
        }
    }
}

extension TimeRenderer {
    /// The last text of one style.
    private struct Slot: Sendable {
        var layout = TimeLayout.none
        var day = Int64.min
        var second = Int64.min
        var text: [UInt8] = []
        /// Where the clock stands in `text`.
        var clock = 0

        @inline(__always)
        mutating func set(_ nanoseconds: Int64, _ layout: TimeLayout) {
            let seconds = CivilDate.floorDivide(nanoseconds, 1_000_000_000)
            let local = seconds &+ Int64(layout.offsetMinutes) &* 60
            if local != second || layout != self.layout { setSecond(local, layout) }
            if layout.fractionDigits > 0 {
                let fraction = Int(nanoseconds &- seconds &* 1_000_000_000)
                setFraction(fraction, digits: min(Int(layout.fractionDigits), 9))
            }
        }

        private mutating func setSecond(_ local: Int64, _ layout: TimeLayout) {
            let day = CivilDate.floorDivide(local, 86_400)
            if day != self.day || layout != self.layout { rebuild(day: Int(day), layout) }
            self.day = day
            self.layout = layout
            second = local
            let time = Int(local &- day &* 86_400)
            let at = clock
            var out = text.mutableSpan
            out.setTwoDigits(time / 3_600, at: at)
            out.setTwoDigits(time / 60 % 60, at: at &+ 3)
            out.setTwoDigits(time % 60, at: at &+ 6)
        }

        @inline(__always)
        private mutating func setFraction(_ nanoseconds: Int, digits: Int) {
            var value = nanoseconds
            for _ in digits..<9 { value /= 10 }
            var at = clock &+ 8 &+ digits
            var out = text.mutableSpan
            for _ in 0..<digits {
                out[at] = UInt8(truncatingIfNeeded: value % 10) &+ 48
                value /= 10
                at &-= 1
            }
        }

        /// Writes the whole text with a clock of zeros.
        private mutating func rebuild(day: Int, _ layout: TimeLayout) {
            let date = CivilDate.date(days: day)
            text.removeAll(keepingCapacity: true)
            switch layout.style {
            case .none: break
            case .iso, .sql, .slashed:
                let separator = layout.style == .slashed ? UInt8(ascii: "/") : UInt8(ascii: "-")
                appendYear(date.year)
                text.append(separator)
                appendTwoDigits(date.month)
                text.append(separator)
                appendTwoDigits(date.day)
                text.append(layout.style == .iso ? UInt8(ascii: "T") : UInt8(ascii: " "))
            case .bsd:
                appendMonth(date.month)
                text.append(UInt8(ascii: " "))
                appendTwoDigits(date.day)
                if date.day < 10 { text[4] = UInt8(ascii: " ") }
                text.append(UInt8(ascii: " "))
            case .http, .dashed:
                let separator = layout.style == .http ? UInt8(ascii: "/") : UInt8(ascii: "-")
                appendTwoDigits(date.day)
                text.append(separator)
                appendMonth(date.month)
                text.append(separator)
                appendYear(date.year)
                text.append(layout.style == .http ? UInt8(ascii: ":") : UInt8(ascii: " "))
            case .weekday:
                // 1970-01-01 was a Thursday.
                let names = Array("ThuFriSatSunMonTueWed".utf8)
                let first = ((day % 7) + 7) % 7 * 3
                text.append(contentsOf: names[first..<first + 3])
                text.append(UInt8(ascii: " "))
                appendMonth(date.month)
                text.append(UInt8(ascii: " "))
                appendTwoDigits(date.day)
                text.append(UInt8(ascii: " "))
            }
            clock = text.count
            text.append(contentsOf: "00:00:00".utf8)
            if layout.fractionDigits > 0 {
                text.append(UInt8(ascii: "."))
                for _ in 0..<min(Int(layout.fractionDigits), 9) { text.append(UInt8(ascii: "0")) }
            }
            if layout.style == .weekday {
                text.append(UInt8(ascii: " "))
                appendYear(date.year)
            }
            appendZone(layout)
        }

        private mutating func appendYear(_ year: Int) {
            appendTwoDigits(year / 100)
            appendTwoDigits(year % 100)
        }

        private mutating func appendZone(_ layout: TimeLayout) {
            switch layout.zone {
            case .unwritten: return
            case .z: return text.append(UInt8(ascii: "Z"))
            case .colon: break
            case .blank: text.append(UInt8(ascii: " "))
            }
            text.append(layout.offsetMinutes < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
            let minutes = Int(layout.offsetMinutes.magnitude)
            appendTwoDigits(minutes / 60)
            if layout.zone == .colon { text.append(UInt8(ascii: ":")) }
            appendTwoDigits(minutes % 60)
        }

        private mutating func appendTwoDigits(_ value: Int) {
            text.append(UInt8(truncatingIfNeeded: value / 10 % 10) &+ 48)
            text.append(UInt8(truncatingIfNeeded: value % 10) &+ 48)
        }

        private mutating func appendMonth(_ month: Int) {
            let names = Array("JanFebMarAprMayJunJulAugSepOctNovDec".utf8)
            text.append(contentsOf: names[(month - 1) * 3..<month * 3])
        }
    }
}

extension MutableSpan where Element == UInt8 {
    @inline(__always)
    fileprivate mutating func setTwoDigits(_ value: Int, at offset: Int) {
        self[offset] = UInt8(truncatingIfNeeded: value / 10) &+ 48
        self[offset &+ 1] = UInt8(truncatingIfNeeded: value % 10) &+ 48
    }
}
