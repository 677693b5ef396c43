import TestSupport
import Testing

@testable import Query

struct MessagePatternTests {
    @Test(arguments: [
        ("", ""), ("no numbers here", "no numbers here"), ("took 12 ms", "took <n> ms"),
        ("took 12ms, 3.5s", "took <n>ms, <n>.<n>s"),
        ("10.0.0.7 took 12.5 s for \"GET /\"", "<ip> took <n> s for \"…\""),
        ("10.0.0.7:443", "<n>"), ("at 2026-11-22 10:00:01", "at <n> <n>"), ("id deadbeef01 ok", "id <id> ok"),
        ("web12 utf8", "web<n> utf<n>"), ("say \"open", "say \"open"), ("\"a\" \"b\" \"", "\"…\" \"…\" \""),
        ("a\tb\u{1B}", "a b "), ("größe 5", "größe <n>"), ("x=1,y=2", "x=<n>,y=<n>"),
        ("v1.2.3-4", "v<n>.<n>.<n>-<n>"),
        ("-1", "-<n>"), ("5.", "<n>."),
    ])
    func `numbers, addresses, ids and quoted texts do not matter`(_ text: String, _ expected: String) {
        #expect(String(decoding: MessagePattern.of(Array(text.utf8)), as: UTF8.self) == expected)
    }

    @Test func `texts beyond the first bytes do not matter, and no character is cut`() {
        for lead in 0..<4 {
            let text = String(repeating: "x", count: lead) + String(repeating: "ü😀", count: 200)
            let pattern = MessagePattern.of(Array(text.utf8))
            #expect(String(validating: pattern, as: UTF8.self).map { text.hasPrefix($0) } ?? false)
            #expect(pattern.count <= 400 && pattern.count > 396)
        }
    }

    @Test func `any bytes have a pattern`() {
        var random = SeededRandom()
        for _ in 0..<2_000 { _ = MessagePattern.of(random.bytes(random.below(500))) }
    }
}
