import Parse
import Query
import Testing

/// Whole error texts, caret and all.
struct QueryErrorTests {
    @Test(arguments: [
        (
            "status:[500 504]",
            """
            a range needs TO between its two ends
              status:[500 504]
                          ^
            write, for example, status:[500 TO 504]
            """
        ),
        (
            "host:a \"never ends",
            """
            this quote is not closed
              host:a "never ends
                     ^
            add the closing quote; a quote inside quotes is written \\"
            """
        ),
        (
            "\"",
            """
            this quote is not closed
              "
              ^
            add the closing quote; a quote inside quotes is written \\"
            """
        ),
        (
            "status:abc",
            """
            status is a number; 5xx, 500, >=500
              status:abc
                     ^
            a text in its place is stored under a name of its own, such as body.status
            """
        ),
        (
            "stauts:1",
            """
            no field is named stauts
              stauts:1
              ^
            did you mean status? to search text: "stauts:1"
            """
        ),
        (
            "stauts >= 500",
            """
            no field is named stauts
              stauts >= 500
              ^
            did you mean status? to search text: "stauts >= 500"
            """
        ),
        (
            "zzzzzz:\"a b\" c",
            """
            no field is named zzzzzz
              zzzzzz:"a b" c
              ^
            to search text: "zzzzzz:\\"a b\\""
            """
        ),
        (
            "a AND",
            """
            AND has nothing after it
              a AND
                ^
            add what to search for, or quote the word: "AND"
            """
        ),
        (
            "OR a",
            """
            OR has nothing before it
              OR a
              ^
            add what to search for, or quote the word: "OR"
            """
        ),
        (
            "a | cuont",
            """
            no stage is named cuont
              a | cuont
                  ^
            did you mean count? to search text, quote the |: "|"
            """
        ),
        (
            "a |",
            """
            a stage is missing after this |
              a |
                ^
            for example: | count by status
            """
        ),
        (
            "a | count by hots",
            """
            no field is named hots
              a | count by hots
                           ^
            did you mean host?
            """
        ),
        (
            "a | count host",
            """
            host is a field and no function
              a | count host
                        ^
            to group: count by host
            """
        ),
        (
            "a | histogram 0s",
            """
            this is no length of time above zero
              a | histogram 0s
                            ^
            for example: 30s, 5m, 1h, 1d
            """
        ),
        (
            "NEAR(a b",
            """
            this ( is not closed
              NEAR(a b
                  ^
            add a ), or quote the text that holds the (
            """
        ),
        (
            "a )",
            """
            this ) closes nothing
              a )
                ^
            to search text, quote it: ")"
            """
        ),
        (
            "()",
            """
            there is nothing between these parentheses
              ()
               ^
            add what to search for, or quote the text: "()"
            """
        ),
        (
            "host:>a",
            """
            host is a keyword and has no order to compare by
              host:>a
                   ^
            to look for these characters: host:">a"
            """
        ),
        (
            "path:[a TO b]",
            """
            path is text and has no order to compare by
              path:[a TO b]
                   ^
            to look for these characters: path:"[a TO b]"
            """
        ),
        (
            "status:504..500",
            """
            nothing lies in this range: its lower end is above its upper end
              status:504..500
                     ^
            """
        ),
        (
            "status:[500 TO 504",
            """
            this range is not closed
              status:[500 TO 504
                     ^
            close it with ] to include the end, or } to leave it out
            """
        ),
        (
            "status:500, 502",
            """
            status lacks a value here
              status:500, 502
                         ^
            a list is written without blanks, as a,b,c; the empty value is ""
            """
        ),
        (
            "status:5MB",
            """
            status is a number; 5xx, 500, >=500
              status:5MB
                     ^
            """
        ),
        (
            "request_time:>2MB",
            """
            request_time is a number of seconds; 2, 500ms, >1.5s
              request_time:>2MB
                            ^
            """
        ),
        (
            "bytes:1h",
            """
            bytes is a number of bytes; 500, 20kB, >1MiB
              bytes:1h
                    ^
            """
        ),
        (
            "status:>1e999",
            """
            status is a number; 5xx, 500, >=500
              status:>1e999
                      ^
            """
        ),
        (
            "level:eror",
            """
            level is one of emerg, alert, crit, err, warning, notice, info, debug
              level:eror
                    ^
            did you mean err?
            """
        ),
        (
            "level:>=3",
            """
            levels are compared by name
              level:>=3
                      ^
            write, for example, level:>=warning
            """
        ),
        (
            "status != 500",
            """
            != is not part of the language
              status != 500
                     ^
            write: NOT status:…
            """
        ),
        (
            "message:(a OR host:b)",
            """
            host: stands among the values of message
              message:(a OR host:b)
                            ^
            close the parenthesis before it, or quote it: "host:b"
            """
        ),
        (
            "roam~2",
            """
            fuzzy search (word~2) is not part of the language
              roam~2
              ^
            use the wildcards * and ?; to search text: "roam~2"
            """
        ),
        (
            "host:docs^2",
            """
            boosting (word^2) is not part of the language
              host:docs^2
                   ^
            use the wildcards * and ?; to search text: "docs^2"
            """
        ),
        (
            "@slow",
            """
            no saved search is named slow
              @slow
              ^
            to search text: "@slow"
            """
        ),
        (
            "a /b(c.*/ d",
            """
            this is no regular expression: missing closing parenthesis
              a /b(c.*/ d
                     ^
            to search text: "/b(c.*/"
            """
        ),
        (
            #"path:~"a\"[z-a]""#,
            #"""
            this is no regular expression: range out of order in character class
              path:~"a\"[z-a]"
                          ^
            to search text: "~\"a\\\"[z-a]\""
            """#
        ),
        (
            #"/a\/\/*+*/i"#,
            #"""
            this is no regular expression: quantifier does not follow a repeatable item
              /a\/\/*+*/i
                      ^
            to search text: "/a\\/\\/*+*/i"
            """#
        ),
        (
            "path:~^/x",
            """
            a regular expression behind ~ stands in quotes
              path:~^/x
                   ^
            write, for example, path:~"^/x"
            """
        ),
        (
            "path:~\"x",
            """
            this quote is not closed
              path:~"x
                    ^
            add the closing quote; a quote inside quotes is written \\"
            """
        ),
        (
            "~\"\"",
            """
            there is nothing between these quotes
              ~""
              ^
            """
        ),
        (
            "client_ip:10.0.0.0/33",
            """
            the length of this network's prefix is no number of bits up to 32
              client_ip:10.0.0.0/33
                                 ^
            """
        ),
        (
            "client_ip:2001:db8::/129",
            """
            the length of this network's prefix is no number of bits up to 128
              client_ip:2001:db8::/129
                                   ^
            """
        ),
        (
            "client_ip:docs/8",
            """
            what stands before the / is no address
              client_ip:docs/8
                        ^
            write, for example, client_ip:10.0.0.0/8 or client_ip:2001:db8::/32
            """
        ),
        (
            "a time:[2h TO soon]",
            """
            no time is written "soon"
              a time:[2h TO soon]
                            ^
            accepted: 15m, 2h, 1d (ago), 2h..1h, 2014-05-12, 2014-05, 2014, 2014-05-12T10:00[:00][Z|+02:00], \
            now, today, yesterday, monday, now-1d/d, seconds or milliseconds since 1970
            """
        ),
        (
            "time:[2014 2015]",
            """
            a range needs TO between its two ends
              time:[2014 2015]
                         ^
            write, for example, time:[2h TO 1h]
            """
        ),
        (
            "received:[2015 TO 2014]",
            """
            nothing lies in this range: its end is before its beginning
              received:[2015 TO 2014]
                       ^
            """
        ),
        (
            "time:>=",
            """
            a time is missing here
              time:>=
                     ^
            """
        ),
        (
            "has:stauts",
            """
            no field is named stauts
              has:stauts
                  ^
            did you mean status? to search text: "has:stauts"
            """
        ),
        (
            "col:x",
            """
            no field is named col
              col:x
              ^
            to search text: "col:x"
            """
        ),
    ])
    func `an error shows its place and the way out`(_ text: String, _ expected: String) {
        #expect(Query.failure(of: text) == expected)
    }

    @Test(arguments: [
        // Combining marks take no column, wide characters two, control characters are not sent to the
        // terminal.
        ("e\u{301} 日本 \u{1B}[2J stauts:1", "  e\u{301} 日本 \u{FFFD}[2J stauts:1\n              ^"),
        // One line of several.
        ("a\nb stauts:1\nc", "  b stauts:1\n    ^"),
        // Long lines are cut on both sides.
        (
            String(repeating: "a ", count: 100) + "stauts:1 " + String(repeating: "b ", count: 100),
            "  …" + String(repeating: "a ", count: 24) + "stauts:1 " + String(repeating: "b ", count: 19)
                + "b…\n"
                + String(repeating: " ", count: 51) + "^"
        ),
    ])
    func `the caret stands under the place as a terminal shows it`(_ text: String, _ expected: String) {
        let lines = Query.failure(of: text).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[1...2].joined(separator: "\n") == expected)
    }

    @Test func `a place outside the text is shown at its end`() {
        let error = QueryError(.syntax, "m", at: 99..<100)
        #expect(error.rendered(query: "ab") == "m\n  ab\n    ^")
    }

    @Test func `codes tell the kinds of mistakes apart`() {
        let cases: [(String, QueryError.Code, Range<Int>)] = [
            ("stauts:1", .unknownField, 0..<6), ("status:abc", .badValue, 7..<10), ("a AND", .syntax, 2..<5),
            ("| cuont", .unknownStage, 2..<7), ("| top", .syntax, 5..<5), ("ü \"x", .syntax, 3..<4),
        ]
        for (text, code, range) in cases {
            #expect(throws: QueryError.self) { try Query.parse(text) }
            do throws(QueryError) { _ = try Query.parse(text) } catch {
                #expect(error.code == code)
                #expect(error.range == range)
            }
        }
    }
}
