import Foundation
import TestSupport
import Testing

@testable import Query

/// Strings of JSON against another reader.
struct JSONTextTests {
    @Test func `a string comes back from JSON, whatever is in it`() throws {
        var random = SeededRandom()
        print("seed \(random.seed)")
        let pieces = [
            "a", "plain text, long enough", "\"", "\\", "\n", "\u{7F}", "\u{0}", "é", "\u{85}", "\u{1F600}",
        ]
        for _ in 0..<2_000 {
            let text = (0..<random.below(9)).map { _ in random.pick(pieces) }.joined()
            var json = JSONText()
            json.string(Array(text.utf8))
            let value = try JSONSerialization.jsonObject(with: Data(json.bytes), options: .fragmentsAllowed)
            #expect(value as? String == text)
            #expect(json.bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        }
    }

    @Test func `fields of one name are an array, also behind events of other names`() {
        var json = JSONText()
        func line(_ fields: [(name: String, value: [UInt8])]) -> String {
            json.removeAll()
            ResultJSON.append(
                FoundEvent(sequence: 1, time: 0, received: 0, raw: [], fields: fields), to: &json)
            return String(decoding: json.bytes, as: UTF8.self)
        }
        let head = #"{"id":"1970-01-01-1","time":"1970-01-01T00:00:00Z","received":"1970-01-01T00:00:00Z","#
        for _ in 0..<40 {
            #expect(line([("x", [0x31]), ("y", [0x32])]) == head + #""x":"1","y":"2","raw":""}"#)
            #expect(line([("x", [0x31]), ("x", [0x32])]) == head + #""x":["1","2"],"raw":""}"#)
            #expect(line([("id", [0x31])]) == head + #""field.id":"1","raw":""}"#)
        }
        // More layouts than are kept.
        for number in 0..<40 {
            #expect(line([("x\(number)", [0x31])]) == head + "\"x\(number)\":\"1\",\"raw\":\"\"}")
        }
    }
}
