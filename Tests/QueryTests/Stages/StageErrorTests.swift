import Query
import Testing

/// The whole error of each mistake in stages.
struct StageErrorTests {
    private static let cases: [(text: String, error: String)] = [
        (
            "| cuont",
            """
            no stage is named cuont
              | cuont
                ^
            did you mean count? to search text, quote the |: "|"
            """
        ),
        (
            "| bin 5m",
            """
            no stage is named bin
              | bin 5m
                ^
            to search text, quote the |: "|"
            """
        ),
        (
            "| stats",
            """
            stats lacks a function here
              | stats
                     ^
            write: stats count, p95(field) [as name], … [by field, …]
            """
        ),
        (
            "| stats foo(x)",
            """
            no function is named foo
              | stats foo(x)
                      ^
            there are count, dc, sum, avg, min, max, p50, p90, p95, p99, first, last, rate
            """
        ),
        (
            "| stats p59(status)",
            """
            no function is named p59
              | stats p59(status)
                      ^
            did you mean p50? there are count, dc, sum, avg, min, max, p50, p90, p95, p99, first, last, rate
            """
        ),
        (
            "| stats p95",
            """
            p95 needs a field
              | stats p95
                      ^
            for example: p95(request_time)
            """
        ),
        (
            "| stats p95(nope)",
            """
            no field is named nope
              | stats p95(nope)
                          ^
            did you mean node?
            """
        ),
        (
            "| top",
            """
            top lacks a field here
              | top
                   ^
            write: top [N] field, …
            """
        ),
        (
            "| top 5",
            """
            top lacks a field here
              | top 5
                     ^
            write: top [N] field, …
            """
        ),
        (
            "| top 0 path",
            """
            top takes a number from 1 to 100000
              | top 0 path
                    ^
            """
        ),
        (
            "| count by host | sort nope",
            """
            no column is named nope
              | count by host | sort nope
                                     ^
            here are host, count
            """
        ),
        (
            "| count host",
            """
            host is a field and no function
              | count host
                      ^
            to group: count by host
            """
        ),
        (
            "| stats count, p95(rt) path",
            """
            path is a field and no function
              | stats count, p95(rt) path
                                     ^
            to group: stats count, p95(rt) by path
            """
        ),
        (
            "| count as n, host",
            """
            host is a field and no function
              | count as n, host
                            ^
            to group: count as n by host
            """
        ),
        (
            "| head 0",
            """
            head takes a number from 1 to 100000
              | head 0
                     ^
            """
        ),
        (
            "| head x",
            """
            head does not take “x” here
              | head x
                     ^
            write: head [N]
            """
        ),
        (
            "| head 100001",
            """
            head takes a number from 1 to 100000
              | head 100001
                     ^
            """
        ),
        (
            "| tail 99999999999999999999",
            """
            tail takes a number from 1 to 100000
              | tail 99999999999999999999
                     ^
            """
        ),
        (
            "| extract foo",
            """
            extract lacks a pattern in quotes here
              | extract foo
                        ^
            write: extract "user=<user> from <client>" [from field]
            """
        ),
        (
            #"| extract "<a><b>""#,
            """
            nothing stands between two of the fields
              | extract "<a><b>"
                        ^
            for example: extract "user=<user> from <client>"
            """
        ),
        (
            #"| extract "a <b""#,
            """
            the pattern names no field
              | extract "a <b"
                        ^
            for example: extract "user=<user> from <client>"
            """
        ),
        (
            #"| extract "<a> <a>""#,
            """
            the pattern names a field twice
              | extract "<a> <a>"
                        ^
            for example: extract "user=<user> from <client>"
            """
        ),
        (
            #"| extract "x=<raw>""#,
            """
            raw is what every event has already; choose another name
              | extract "x=<raw>"
                        ^
            for example: extract "user=<user> from <client>"
            """
        ),
        (
            #"| extract "<a>" from nope"#,
            """
            no field is named nope
              | extract "<a>" from nope
                                   ^
            did you mean node?
            """
        ),
        (
            "| histogram 0s",
            """
            this is no length of time above zero
              | histogram 0s
                          ^
            for example: 30s, 5m, 1h, 1d
            """
        ),
        (
            "| histogram x",
            """
            this is no length of time above zero
              | histogram x
                          ^
            for example: 30s, 5m, 1h, 1d
            """
        ),
        (
            "| histogram 5m by bin(1h)",
            """
            there are two steps of time
              | histogram 5m by bin(1h)
                                       ^
            """
        ),
        (
            "| timechart 5m",
            """
            timechart lacks a function here
              | timechart 5m
                            ^
            write: timechart 5m p95(field), … [by field, …]
            """
        ),
        (
            "| rate",
            """
            rate lacks a step here
              | rate
                    ^
            write: rate 1m [by field]
            """
        ),
        (
            "| count by",
            """
            count lacks a field here
              | count by
                        ^
            write: count [by field, …] [as name]
            """
        ),
        (
            "| count by nope",
            """
            no field is named nope
              | count by nope
                         ^
            did you mean node?
            """
        ),
        (
            "| count by host,",
            """
            count lacks a field here
              | count by host,
                              ^
            write: count [by field, …] [as name]
            """
        ),
        (
            "| count by (host",
            """
            a ) is missing here
              | count by (host
                              ^
            write: count [by field, …] [as name]
            """
        ),
        (
            "| count by bin(5m",
            """
            a ) is missing here
              | count by bin(5m
                               ^
            """
        ),
        (
            "| count as a-b",
            """
            a column's name is made of letters, digits and _
              | count as a-b
                         ^
            for example: count as requests
            """
        ),
        (
            "| stats count, count",
            """
            two columns would be named count
              | stats count, count
                ^
            give one of them another name: count as requests
            """
        ),
        (
            "| stats count as host by host",
            """
            two columns would be named host
              | stats count as host by host
                ^
            give one of them another name: count as requests
            """
        ),
        (
            "| count by host | top count",
            """
            two columns would be named count
              | count by host | top count
                                ^
            give one of them another name: count as requests
            """
        ),
        (
            "| where",
            """
            where lacks a condition here
              | where
                     ^
            write: where status:>=500 or a column: where count > 10
            """
        ),
        (
            "| where stauts:1",
            """
            no field is named stauts
              | where stauts:1
                      ^
            did you mean status? to search text: "stauts:1"
            """
        ),
        (
            "| count by host | where stauts:1",
            """
            no column is named stauts
              | count by host | where stauts:1
                                      ^
            here are host, count; to search text: "stauts:1"
            """
        ),
        (
            "| count by host | histogram 1h",
            """
            histogram needs the column time, and here are host, count
              | count by host | histogram 1h
                                ^
            write it before the stage that makes the table
            """
        ),
        (
            "| count | diff 1d",
            """
            diff reads events, and here are the rows of a table
              | count | diff 1d
                        ^
            write it before the stage that makes the table
            """
        ),
        (
            "| count by host | patterns",
            """
            patterns reads events, and here are the rows of a table
              | count by host | patterns
                                ^
            write it before the stage that makes the table
            """
        ),
        (
            #"| count | extract "<a>""#,
            """
            extract reads events, and here are the rows of a table
              | count | extract "<a>"
                        ^
            write it before the stage that makes the table
            """
        ),
        (
            "| fields host | context",
            """
            context reads events, and here are the rows of a table
              | fields host | context
                              ^
            write it before the stage that makes the table
            """
        ),
        (
            "| head 5 | diff 1d",
            """
            diff compares all events of two windows, and head has taken some away
              | head 5 | diff 1d
                         ^
            write it before head
            """
        ),
        (
            "| dedup host | patterns new 1d",
            """
            patterns new compares all events of two windows, and dedup has taken some away
              | dedup host | patterns new 1d
                             ^
            write it before dedup
            """
        ),
        (
            "| patterns new",
            """
            patterns new lacks a length of time here
              | patterns new
                            ^
            write: patterns [new 24h]
            """
        ),
        (
            "| diff",
            """
            diff lacks a length of time here
              | diff
                    ^
            write: diff 1d
            """
        ),
        (
            "| diff 0s",
            """
            this is no length of time above zero
              | diff 0s
                     ^
            for example: 30s, 5m, 1h, 1d
            """
        ),
        (
            "| context 101",
            """
            context takes a number from 0 to 100
              | context 101
                        ^
            """
        ),
        (
            "| context 3 of hosts",
            """
            context of takes host, program or all
              | context 3 of hosts
                             ^
            """
        ),
        (
            "| context 3 4",
            """
            context does not take “4” here
              | context 3 4
                          ^
            write: context [before N] [after N] [of host, program or all]
            """
        ),
        (
            "| sort",
            """
            sort lacks a field here
              | sort
                    ^
            write: sort [-]field, …
            """
        ),
        (
            "| fields",
            """
            fields lacks a field here
              | fields
                      ^
            write: fields field, … or fields -field, …
            """
        ),
        (
            "| dedup",
            """
            dedup lacks a field here
              | dedup
                     ^
            write: dedup field, …
            """
        ),
        (
            "| uniq",
            """
            uniq lacks a field here
              | uniq
                    ^
            write: uniq field, …
            """
        ),
        (
            "| count | | head",
            """
            a stage is missing after this |
              | count | | head
                      ^
            for example: | count by status
            """
        ),
        (
            "|",
            """
            a stage is missing after this |
              |
              ^
            for example: | count by status
            """
        ),
        (
            "| head 5 6",
            """
            head does not take “6” here
              | head 5 6
                       ^
            write: head [N]
            """
        ),
        (
            "| fields host | sort status",
            """
            no column is named status
              | fields host | sort status
                                   ^
            here are host
            """
        ),
        (
            "| count by host,status,path,user,method,vhost,program,pid,level",
            """
            count takes at most 8 fields
              …,status,path,user,method,vhost,program,pid,level
                                                               ^
            """
        ),
    ]

    @Test(arguments: cases)
    func `a mistake is shown with its place and the way out`(_ text: String, _ error: String) {
        #expect(Query.failure(of: text) == error)
    }

    @Test func `a query takes so many stages and functions, and not one more`() throws {
        let stages = String(repeating: "| head 5 ", count: QueryLimits.stages)
        #expect(try Query.parse(stages).stages.count == QueryLimits.stages)
        #expect(Query.failure(of: stages + "| head").hasPrefix("the query has more than 32 stages\n"))
        let functions = (0..<QueryLimits.functions).map { "count as n\($0)" }.joined(separator: ", ")
        _ = try Query.parse("| stats " + functions)
        let error = Query.failure(of: "| stats " + functions + ", dc(host)")
        #expect(error.hasPrefix("stats takes at most 16 functions\n"))
        let pattern = String(repeating: "a", count: QueryLimits.pattern - 3)
        _ = try Query.parse("| extract \"\(pattern)<x>\"")
        let long = Query.failure(of: "| extract \"\(pattern)a<x>\"")
        #expect(long.hasPrefix("the pattern has more than 1000 bytes\n"))
    }
}
