import Hummingbird
import NIOCore
import NIOPosix
package import Parse

/// Some lines of a file, on their way into the store.
package struct ImportPart: Sendable {
    /// Bytes of a part.
    ///
    /// Beyond it the answer is 413.
    package static let bytesMost = 16 << 20
    /// Years that dates without one can be in.
    package static let years = 1_970...2_261

    /// `HEAD-NUMBER`, as in `ImportMark`.
    package var file: String
    /// Where the part begins in the file's content.
    package var offset: UInt64
    package var source: LineSource
    /// Whether no more lines follow.
    package var isLast: Bool
    package var bytes: [UInt8]

    package init(file: String, offset: UInt64, source: LineSource, isLast: Bool, bytes: [UInt8]) {
        self.file = file
        self.offset = offset
        self.source = source
        self.isLast = isLast
        self.bytes = bytes
    }

    /// How far the file has been taken now, and what the part made.
    package struct Answer: Sendable {
        package var mark: ImportMark
        package var events: Int
        package var failed: Int
        /// Events whose date only the general rule could read, and events without any date.
        package var generalTimes = 0
        package var undated = 0

        package init(mark: ImportMark, events: Int, failed: Int) {
            self.mark = mark
            self.events = events
            self.failed = failed
        }
    }

    /// Why a part was not taken.
    package enum Refusal: Error {
        /// The part does not begin where the last one ended.
        case elsewhere(ImportMark)
        /// The store takes no events now.
        case store(String)
        /// The disk is full.
        case diskFull(String)
    }
}

/// `GET /api/v1/import?file=HEAD` and `POST /api/v1/import?file=HEAD-NUMBER&offset=…`: docs/http-api.md.
extension HTTPInterface {
    func importMarks(_ request: Request) throws -> Response {
        let head = request.uri.queryParameters["file"].map { String($0) } ?? ""
        guard Self.isHexadecimal(head) else { throw APIError.parameter("file", head, "a hexadecimal number") }
        var json = JSONText()
        json.object { json in
            json.key("files")
            json.array { json in
                for mark in surroundings.importMarks(head) { Self.append(mark, nil, to: &json) }
            }
        }
        json.endLine()
        return self.json(json.bytes)
    }

    func importPart(_ request: Request) async throws -> Response {
        try refuseForeign(request)
        try refuseWhileFull()
        let parameters = request.uri.queryParameters
        func text(_ name: String) -> String { parameters[Substring(name)].map { String($0) } ?? "" }
        let file = text("file")
        let parts = file.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ Self.isHexadecimal(String($0)) }) else {
            throw APIError.parameter("file", file, "two hexadecimal numbers with - between them")
        }
        guard let offset = UInt64(text("offset")) else {
            throw APIError.parameter("offset", text("offset"), "a number of bytes")
        }
        let zone = text("zone")
        guard zone.isEmpty || surroundings.zone(zone) != nil else {
            throw APIError.parameter("zone", zone, "an IANA zone name or an offset like +01:00")
        }
        var source = LineSource(program: text("program"), host: text("host"), zone: zone)
        if let date = try Self.date(text("modified")) {
            source.date = date
            source.yearReference = date
        }
        if let year = try Self.year(text("year")) {
            source.yearReference = LineSource.reference(ofYear: year)
        }
        let isLast = text("last") == "1"
        let body = try await request.body.collect(upTo: ImportPart.bytesMost)
        let part = ImportPart(
            file: file, offset: offset, source: source, isLast: isLast, bytes: Array(body.readableBytesView))
        let take = surroundings.importPart
        let answer = try await threads.jobs.runIfActive {
            do throws(ImportPart.Refusal) {
                return try take(part)
            } catch {
                throw Self.error(error)
            }
        }
        var json = JSONText()
        Self.append(answer.mark, answer, to: &json)
        json.endLine()
        return self.json(json.bytes)
    }

    private static func date(_ text: String) throws -> Int64? {
        if text.isEmpty { return nil }
        guard let time = TimeReading.rfc3339(Array(text.utf8)) else {
            throw APIError.parameter("modified", text, "a time like 2025-06-24T14:36:25Z")
        }
        return time.nanoseconds
    }

    private static func year(_ text: String) throws -> Int? {
        if text.isEmpty { return nil }
        guard let year = Int(text), ImportPart.years.contains(year) else {
            throw APIError.parameter("year", text, "a year from 1970 to 2261")
        }
        return year
    }

    private static func error(_ refusal: ImportPart.Refusal) -> APIError {
        switch refusal {
        case .elsewhere(let mark):
            APIError(
                status: .conflict, code: "wrong_offset",
                message: "the file has been taken up to byte \(mark.offset); go on from there")
        case .diskFull(let reason): .diskFull(reason)
        case .store(let reason):
            APIError(
                status: .serviceUnavailable, code: "store",
                message: "the store takes no events: \(reason). Try again later")
        }
    }

    private static func append(_ mark: ImportMark, _ answer: ImportPart.Answer?, to json: inout JSONText) {
        json.object { json in
            json.key("file")
            json.string(mark.file)
            json.key("offset")
            json.number(mark.offset)
            json.key("hash")
            json.string(String(mark.contentHash, radix: 16))
            json.key("events")
            json.number(mark.events)
            if let answer {
                json.key("part_events")
                json.number(answer.events)
                json.key("part_failed")
                json.number(answer.failed)
                json.key("part_general_time")
                json.number(answer.generalTimes)
                json.key("part_no_time")
                json.number(answer.undated)
            }
        }
    }

    private static func isHexadecimal(_ text: String) -> Bool {
        (1...16).contains(text.utf8.count) && UInt64(text, radix: 16) != nil && !text.hasPrefix("+")
            && !text.hasPrefix("-")
    }
}
