import Parse
import TestSupport
import Testing

@testable import Parse

/// Bodies that are JSON, read by the formats of a program or as the body of any program.
@Suite struct JSONBodyTests {
    struct Case: CustomTestStringConvertible {
        let body: String
        /// Fields as `name=value`, in their order, without those of the header.
        let fields: [String]
        var reasons: Set<String> = []
        var format = "json"

        var testDescription: String { body }
    }

    static let cases = [
        Case(body: #"{"a":1}"#, fields: [#"message={"a":1}"#, "a=1"]),
        Case(body: #"{ "a" : 1 , "b":"x" }"#, fields: [#"message={ "a" : 1 , "b":"x" }"#, "a=1", "b=x"]),
        Case(body: #"@cee: {"a":true,"msg":"hi"}"#, fields: ["a=true", "message=hi"]),
        Case(body: #"{"message":"hi","n":null,"e":"","o":{},"l":[]}"#, fields: ["message=hi", "e="]),
        // Names of .NET's and Python's layouts, and of container engines.
        Case(
            body: #"{"Level":"Error","Message":"x","Timestamp":"2026-11-22T11:00:03Z"}"#,
            fields: ["level_text=Error", "message=x", "log_time=2026-11-22T11:00:03Z"]),
        Case(body: #"{"log":"x","stream":"stderr"}"#, fields: ["message=x", "stream=stderr"]),
        // Objects inside objects.
        Case(
            body: #"{"message":"m","x":{"y":{"z":"1"},"w":-2.5e3}}"#,
            fields: ["message=m", "x.y.z=1", "x.w=-2.5e3"]),
        Case(body: #"{"message":"m","url":{"original":"/x"}}"#, fields: ["message=m", "path=/x"]),
        // Lists.
        Case(
            body: #"{"message":"m","t":["a",1,null,"b\n"]}"#,
            fields: ["message=m", "t=a", "t=1", #"escaped=b\n"#, "t=b\n"]),
        Case(body: #"{"message":"m","t":[{"a":1},2]}"#, fields: ["message=m", #"t=[{"a":1},2]"#]),
        Case(body: #"{"message":"m","t":[[1],"]"]}"#, fields: ["message=m", #"t=[[1],"]"]"#]),
        // Escapes.
        Case(
            body: #"{"message":"a\"b\\c\/d\u00e9\ud83d\ude00\ud800\t"}"#,
            fields: [#"escaped=a\"b\\c\/d\u00e9\ud83d\ude00\ud800\t"#, "message=a\"b\\c/dé😀\u{FFFD}\t"]),
        Case(body: #"{"message":"m","k\u0065y":1}"#, fields: ["message=m", "key=1"]),
        // Keys that come twice, and two keys of one field.
        Case(body: #"{"k":1,"message":"m","k":2}"#, fields: ["escaped=1", "message=m", "k=2"]),
        Case(body: #"{"message":"m","message":"n"}"#, fields: ["escaped=m", "message=n"]),
        Case(body: #"{"message":"m","msg":"n"}"#, fields: ["message=m", "body.msg=n"]),
        Case(
            body: #"{"message":"m","client_ip":"1.2.3.4","ip.x":2,"remote_addr":"5.6.7.8"}"#,
            fields: ["message=m", "client_ip=1.2.3.4", "ip.x=2", "body.remote_addr=5.6.7.8"]),
        // What a body may not write.
        Case(
            body: #"{"message":"m","host":"evil","program":"p","raw":"r","peer":"x","pri":7}"#,
            fields: [
                "message=m", "body.host=evil", "body.program=p", "body.raw=r", "body.peer=x", "body.pri=7",
            ]),
        // Cut and broken.
        Case(body: #"{"message":"m","a":"b"#, fields: ["message=m", "a=b"], reasons: ["cut"]),
        Case(
            body: #"{"message":"m","a":"b\"#, fields: ["message=m", #"escaped=b\"#, #"a=b\"#],
            reasons: ["cut"]),
        Case(body: #"{"message":"m","a":{"b":1"#, fields: ["message=m", "a.b=1"], reasons: ["cut"]),
        Case(body: #"{"message":"m","a":[1,"#, fields: ["message=m", "a=[1,"], reasons: ["cut"]),
        Case(body: #"{"message":"m","a"#, fields: ["message=m", "tail=a"], reasons: ["cut"]),
        Case(body: #"{"message":"m","#, fields: ["message=m"], reasons: ["cut"]),
        // No JSON after all: the whole is text.
        Case(body: "{}", fields: ["message={}"], format: "syslog"),
        Case(body: "{closure}() failed", fields: ["message={closure}() failed"], format: "syslog"),
        Case(body: #"{"a":1} and more"#, fields: [#"message={"a":1} and more"#], format: "syslog"),
        Case(body: "{\"a", fields: ["message={\"a"], format: "syslog"),
    ]

    @Test(arguments: cases) func `a JSON body is read into its fields`(_ test: Case) throws {
        let line = try ParsedLine("<13>1 - web1 app - - - " + test.body)
        #expect(line.body == test.fields)
        #expect(line.reasons == test.reasons)
        #expect(line.format == test.format)
        #expect(line.event.outcome == (test.reasons.isEmpty ? .ok : .partial))
    }

    @Test func `what varies is in holes, and spans lie around them`() throws {
        let line = try ParsedLine(#"<13>1 - web1 app - - - {"a":"x","b":{"c":"y\n"}}"#)
        #expect(line.role("message") == .span)
        #expect(line.role("a") == .hole)
        #expect(line.role("escaped") == .hole)
        #expect(line.role("b.c") == .derived)
    }

    @Test(arguments: [
        (#"{"level":"WARN","message":"m"}"#, 4), (#"{"level":50,"message":"m"}"#, 3),
        (#"{"level":300,"message":"m"}"#, 4), (#"{"severity":2,"message":"m"}"#, 2),
        (#"{"level":"loud","message":"m"}"#, 5),
    ])
    func `a level in a body is the level`(_ body: String, _ severity: UInt8) throws {
        let line = try ParsedLine("<13>1 - web1 app - - - " + body)
        #expect(line.event.severity == severity)
        #expect(line["level_text"] != nil || line["body.level"] == "loud")
    }

    @Test(arguments: [
        (#""@timestamp":"2026-11-22T10:00:00.5Z""#, 1_795_341_600_500_000_000),
        (#""time":1795341600.25"#, 1_795_341_600_250_000_000),
        (#""ts":1795341600123"#, 1_795_341_600_123_000_000),
        (#""time":"2026-11-22 11:00:00,250+01:00""#, 1_795_341_600_250_000_000),
        (#""time":"later""#, ParsedLine.received), (#""time":12"#, ParsedLine.received),
    ])
    func `a time in a body is when it happened`(_ member: String, _ time: Int64) throws {
        let line = try ParsedLine("<13>1 - web1 app - - - {\"message\":\"m\",\(member)}")
        #expect(line.event.time == time)
        #expect((line["log_time"] == nil) == (time == ParsedLine.received))
        #expect((line["body.time"] != nil) == (time == ParsedLine.received))
    }

    @Test func `depth, list length and number of fields have limits that lose nothing`() throws {
        let deep = String(repeating: #"{"a":"#, count: 200) + "1" + String(repeating: "}", count: 200)
        let line = try ParsedLine("<13>1 - h app - - - \(deep)")
        #expect(line.names.last?.split(separator: ".").count == ParseLimits.jsonDepth)
        let long = "[" + (0..<100).map { "\($0)" }.joined(separator: ",") + "]"
        #expect(try ParsedLine("<13>1 - h app - - - {\"l\":\(long)}")["l"] == long)
        let many = "{" + (0..<400).map { "\"k\($0 % 7)\":{\"v\($0)\":\($0)}" }.joined(separator: ",") + "}"
        let crowded = try ParsedLine("<13>1 - h app - - - \(many)")
        #expect(crowded.reasons == ["too_many_fields"])
        #expect(crowded.event.fieldCount == UInt16(ParseLimits.fields))
        #expect(crowded["tail"]?.hasSuffix("}") == true)
    }

    /// Texts are copied in words of eight bytes: escapes stand at every distance from each other and from the
    /// ends.
    @Test func `escapes mean the same at any place`() throws {
        let pieces: [(written: String, meant: String)] = [
            (#"\""#, "\""), (#"\\"#, "\\"), (#"\/"#, "/"), (#"\n"#, "\n"), (#"\u00e9"#, "é"),
            (#"\ud83d\ude00"#, "😀"),
            (#"\u0041"#, "A"), (#"\ud800"#, "\u{FFFD}"), ("é", "é"), (#"\u20AC"#, "€"),
        ]
        var random = SeededRandom(seed: 7)
        for _ in 0..<500 {
            var written: [UInt8] = []
            var meant: [UInt8] = []
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let run = Array(String(repeating: "x", count: Int.random(in: 0...20, using: &random)).utf8)
                let piece = try #require(pieces.randomElement(using: &random))
                written += run + Array(piece.written.utf8)
                meant += run + Array(piece.meant.utf8)
            }
            // What stands around the range is not part of it.
            let bytes = Array("ab".utf8) + written + Array(#"\n"#.utf8)
            var text = Array("before".utf8)
            Escapes.json.append(bytes.span, 2..<2 + written.count, to: &text)
            #expect(text == Array("before".utf8) + meant)
        }
    }

    @Test(arguments: 1...40) func `keys that differ in one byte are different keys`(_ length: Int) throws {
        let key = String(repeating: "k", count: length)
        for place in 0..<length {
            var name = Array(key.utf8)
            name[place] = UInt8(ascii: "q")
            var map = ByteKeyMap(capacity: 4)
            let bytes = Array(key.utf8) + name
            map.remember(1, for: bytes.span, 0..<length)
            let known = map.value(bytes.span, 0..<length)
            let unknown = map.value(bytes.span, length..<2 * length)
            #expect(known == 1)
            #expect(unknown == nil)
            let differs = !bytes.span.equals(0..<length, name, at: 0)
            let equals = bytes.span.equals(length..<2 * length, [0] + name, at: 1)
            #expect(differs && equals)
        }
    }

    @Test func `pairs are read where there is nothing else`() throws {
        let line = try ParsedLine(#"<13>1 - h app - - - level=error msg="a \"b\"" n=5 x="#)
        #expect(line.format == "logfmt")
        #expect(line.event.severity == 3)
        #expect(line["message"] == #"a "b""#)
        #expect(line["n"] == "5")
        for text in ["a=1", "a=1 and b=2", "IN=eth0 OUT= SYN", "x: a=1 b=2", "=1 b=2"] {
            #expect(try ParsedLine("<13>1 - h app - - - \(text)").format == "syslog")
        }
    }
}

extension ParsedLine {
    /// The fields behind those of the header, as `name=value`.
    var body: [String] {
        let header: Set<FieldID> = [.pri, .headerTime, .host, .program, .pid, .msgid, .sd]
        return batch.fields(of: event).filter { !header.contains($0.field) }.map {
            "\(Fields.table.name(of: $0.field.rawValue))=\(String(decoding: batch.bytes(of: $0), as: UTF8.self))"
        }
    }
}
