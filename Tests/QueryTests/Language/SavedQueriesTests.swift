import Parse
import Query
import Testing

/// `@name` in queries.
struct SavedQueriesTests {
    private static let saved = SavedQueries(
        [
            "errors": "level:>=err", "web": "program:nginx OR program:apache2", "both": "@errors @web",
            "busy": "@web | count by host", "a": "@b", "b": "x (@c)", "c": "@a", "bad": "stauts:1",
            "worse": "y @bad",
            "all": "*", "empty": "", "deep-1": "@deep-2", "deep-2": "@deep-3", "deep-3": "@deep-4",
            "deep-4": "@deep-5", "deep-5": "@deep-6", "deep-6": "@deep-7", "deep-7": "@deep-8",
            "deep-8": "@errors",
        ])
    private static let context = QueryContext(saved: saved)

    @Test(arguments: [
        ("@errors", "level:>=err"), ("@errors timeout", "level:>=err timeout"),
        ("@web timeout", "(program:nginx OR program:apache2) timeout"),
        ("-@web", "NOT (program:nginx OR program:apache2)"),
        ("@both", "level:>=err (program:nginx OR program:apache2)"), ("@all a", "a"), ("@empty", ""),
        ("@busy", "program:nginx OR program:apache2 | count by host"),
        ("@errors | count", "level:>=err | count"), ("@deep-2", "level:>=err"),
        ("(@errors)", "level:>=err"), ("a@errors", "\"a@errors\""), ("@", "\"@\""), ("@a.b", "\"@a.b\""),
        ("\"@errors\"", "'@errors'"), ("@timestamp:*", "time:*"),
    ])
    func `a name stands for its query`(_ left: String, _ right: String) throws {
        #expect(try Query.parse(left, Self.context) == Query.parse(right))
    }

    @Test(arguments: [
        (
            "x @erors",
            """
            no saved search is named erors
              x @erors
                ^
            did you mean @errors? to search text: "@erors"
            """
        ),
        (
            "x @worse",
            """
            in @worse: in @bad: no field is named stauts
              x @worse
                ^
            did you mean status? to search text: "stauts:1"
            """
        ),
        (
            "@a",
            """
            in @a: in @b: in @c: a saved search stands for itself: @a → @b → @c → @a
              @a
              ^
            """
        ),
        (
            "y @busy",
            """
            @busy has stages, so it can only stand alone before the first |
              y @busy
                ^
            it is: program:nginx OR program:apache2 | count by host
            """
        ),
    ])
    func `an error names the saved search`(_ text: String, _ expected: String) {
        #expect(Query.failure(of: text, Self.context) == expected)
    }

    @Test func `names nest up to their limit`() {
        let expected = "saved searches nest deeper than 8: @deep-1 → @deep-2 → @deep-3 → @deep-4 → @deep-5 → "
        #expect(Query.failure(of: "@deep-1", Self.context).contains(expected))
    }

    @Test func `a query that grows without end is refused`() {
        var texts: [String: String] = [:]
        for level in 0..<8 {
            texts["s\(level)"] = Array(repeating: "@s\(level + 1)", count: 50).joined(separator: " OR ")
        }
        texts["s8"] = "*"
        #expect(
            Query.failure(of: "@s1", QueryContext(saved: SavedQueries(texts))).contains(
                "more than 1000 terms"))
    }
}
