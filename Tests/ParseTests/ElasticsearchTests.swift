import Testing

@testable import Parse

@Suite struct ElasticsearchTests {
    static let slow =
        "[2026-11-22T10:06:14,933][INFO ][index.search.slowlog.query] [v_VJhjV] [metricbeat-6.3.0-2026.06.26][0] "
        + "took[4.5ms], took_millis[4], total_hits[19435], types[], stats[group1,group2], "
        + "search_type[QUERY_THEN_FETCH], total_shards[1], source[{\"a\":[1],\"b\":\"], id[\"}], id[x], "

    static let lines = [
        FormatLine(
            "elasticsearch",
            "[2026-11-22T09:30:01,250][INFO ][o.e.n.Node               ] [] waiting for peers",
            "elasticsearch", level: 6, at: "2026-11-22T09:30:01.250Z",
            [
                "log_time=2026-11-22T09:30:01,250", "level_text=INFO", "component=o.e.n.Node", "node=",
                "message=waiting for peers",
            ]),
        FormatLine(
            "elasticsearch",
            "[2026-11-22T09:30:02,500][WARN ][o.e.n.Node               ] node name [a] derived",
            "elasticsearch", level: 4,
            [
                "log_time=2026-11-22T09:30:02,500", "level_text=WARN", "component=o.e.n.Node",
                "message=node name [a] derived",
            ]),
        // Texts of deprecation have no node and no index, though they begin with brackets.
        FormatLine(
            "elasticsearch",
            "[2026-11-22T09:30:02,500][WARN ][o.e.d.c.s.Settings       ] [http.enabled] setting was deprecated",
            "elasticsearch", level: 4,
            [
                "log_time=2026-11-22T09:30:02,500", "level_text=WARN", "component=o.e.d.c.s.Settings",
                "message=[http.enabled] setting was deprecated",
            ]),
        FormatLine(
            "elasticsearch", #"{"type":"deprecation","level":"WARN","message":"[types] is deprecated"}"#,
            "elasticsearch-json", level: 4,
            ["type=deprecation", "level_text=WARN", "message=[types] is deprecated"]),
        // 1.x: names of nodes hold blanks and brackets.
        FormatLine(
            "elasticsearch",
            "[2026-11-22 10:00:00,123][INFO ][node                     ] [Ned [x] Leeds] started",
            "elasticsearch", level: 6, at: "2026-11-22T10:00:00.123Z",
            [
                "log_time=2026-11-22 10:00:00,123", "level_text=INFO", "component=node", "node=Ned [x] Leeds",
                "message=started",
            ]),
        FormatLine(
            "elasticsearch",
            "[2026-11-22T09:31:15,007][INFO ][o.e.c.m.MetaDataCreateIndexService] [n1] [docs-2026] creating index, x",
            "elasticsearch", level: 6,
            [
                "log_time=2026-11-22T09:31:15,007", "level_text=INFO",
                "component=o.e.c.m.MetaDataCreateIndexService", "node=n1", "index=docs-2026",
                "message=creating index, x",
            ]),
        FormatLine(
            "elasticsearch",
            "[2026-11-22T09:31:15,007][INFO ][o.e.c.m.M] [n1] [docs/aBcDeFgHiJkLmNoPqRs_0-] update_mapping [doc]",
            "elasticsearch", level: 6,
            [
                "log_time=2026-11-22T09:31:15,007", "level_text=INFO", "component=o.e.c.m.M", "node=n1",
                "index=docs", "index_id=aBcDeFgHiJkLmNoPqRs_0-", "message=update_mapping [doc]",
            ]),
        // No index: a process and its number, and the collector's monitor.
        FormatLine(
            "elasticsearch",
            "[2026-11-22T09:31:15,007][INFO ][o.e.x.M] [n1] [controller/4711] [Main.cc@99] x",
            "elasticsearch", level: 6,
            [
                "log_time=2026-11-22T09:31:15,007", "level_text=INFO", "component=o.e.x.M", "node=n1",
                "message=[controller/4711] [Main.cc@99] x",
            ]),
        FormatLine(
            "elasticsearch",
            "[2026-11-22T09:31:15,007][WARN ][o.e.m.j.JvmGcMonitorService] [n1] [gc][young][349][23] duration [1.1s]",
            "elasticsearch", level: 4,
            [
                "log_time=2026-11-22T09:31:15,007", "level_text=WARN",
                "component=o.e.m.j.JvmGcMonitorService",
                "node=n1", "message=[gc][young][349][23] duration [1.1s]", "gc_generation=young",
                "gc_seq=349",
            ]),
        FormatLine(
            "elasticsearch",
            "[2026-11-22T09:31:15,007][WARN ][r.suppressed] [n1] path: /x\na.b.Broken: why\n\tat a.B(C.java:1)",
            "elasticsearch", level: 4,
            [
                "log_time=2026-11-22T09:31:15,007", "level_text=WARN", "component=r.suppressed", "node=n1",
                "message=path: /x\na.b.Broken: why\n\tat a.B(C.java:1)",
                "stack_trace=a.b.Broken: why\n\tat a.B(C.java:1)", "exception=a.b.Broken",
                "error_message=why",
            ]),
        // The source ends where nothing else can: it holds brackets.
        FormatLine(
            "elasticsearch", slow, "elasticsearch", level: 6,
            [
                "message=\(slow)", "log_time=2026-11-22T10:06:14,933", "level_text=INFO",
                "component=index.search.slowlog.query", "node=v_VJhjV", "index=metricbeat-6.3.0-2026.06.26",
                "shard=0",
                "took=4.5ms", "took_millis=4", "total_hits=19435", "doc_types=", "stats=group1,group2",
                "search_type=QUERY_THEN_FETCH", "total_shards=1", #"slow_query={"a":[1],"b":"], id["}"#,
                "doc_id=x",
            ]),

        FormatLine(
            "elasticsearch",
            #"{"type": "server", "timestamp": "2026-11-22T10:22:02,077+02:00", "level": "INFO", "component": "o.e.n.Node", "cluster.name": "c", "node.name": "n", "message": "[docs] x \"y\""}"#,
            "elasticsearch-json", level: 6, at: "2026-11-22T08:22:02.077Z",
            [
                "type=server", "log_time=2026-11-22T10:22:02,077+02:00", "level_text=INFO",
                "component=o.e.n.Node",
                "cluster=c", "node=n", "index=docs", "message=x \"y\"",
            ]),
        FormatLine(
            "elasticsearch",
            #"{"type": "audit", "timestamp": "2026-11-22T10:22:02,077+0200", "user.name": "u", "origin.address": "[::1]:50444", "request.method": "GET", "url.path": "/x"}"#,
            "elasticsearch-json", at: "2026-11-22T08:22:02.077Z",
            [
                #"message={"type": "audit", "timestamp": "2026-11-22T10:22:02,077+0200", "user.name": "u", "origin.address": "[::1]:50444", "request.method": "GET", "url.path": "/x"}"#,
                "type=audit", "log_time=2026-11-22T10:22:02,077+0200", "user=u", "client_ip=::1",
                "client_port=50444", "method=GET", "path=/x",
            ]),

        FormatLine(
            "elasticsearch",
            "2026-11-22T10:35:26.632+0500: 224.671: Total time for which application threads were stopped: 0.0001203 "
                + "seconds, Stopping threads took: 0.0000417 seconds", "elasticsearch-gc",
            at: "2026-11-22T05:35:26.632Z",
            [
                "log_time=2026-11-22T10:35:26.632+0500", "uptime=224.671",
                "message=Total time for which application threads were stopped: 0.0001203 seconds, Stopping threads "
                    + "took: 0.0000417 seconds", "stopped=0.0001203", "stopping=0.0000417",
            ]),
        FormatLine(
            "elasticsearch",
            "[2026-11-22T10:35:26.632+0000][12][gc          ] GC(7) Pause Young (Allocation Failure) 3ms",
            "elasticsearch-gc",
            [
                "log_time=2026-11-22T10:35:26.632+0000", "gc_tags=gc", "gc_seq=7",
                "message=Pause Young (Allocation Failure) 3ms",
            ]),
    ]

    @Test(arguments: lines) func `a line is taken apart`(_ line: FormatLine) throws { try line.check() }

    @Test func `the message of a slow log's object is the object`() throws {
        let text =
            #"{"type": "index_search_slowlog", "timestamp": "2026-11-22T09:41:02,125-03:00", "level": "WARN", "#
            + #""message": "[docs][0]", "took": "8.1ms", "took_millis": "8", "types": "", "stats": [], "#
            + #""source": "{\"size\":1}", "id": ""}"#
        let line = try FormatLine.read("elasticsearch", text)
        #expect(line["message"] == text)
        #expect(line["index"] == "docs")
        #expect(line["shard"] == "0")
        #expect(line["took_millis"] == "8")
        #expect(line["doc_types"] == "")
        #expect(line["stats"] == nil)
        #expect(line["slow_query"] == #"{"size":1}"#)
        #expect(line["doc_id"] == "")
    }

    @Test func `a slow log's line that is cut in its source says so`() throws {
        let line = try FormatLine.read(
            "elasticsearch",
            "[2026-11-22T10:06:14,933][INFO ][i.s.s.query] [n] [docs][0] took[4.5ms], source[{\"a\":1")
        #expect(line["slow_query"] == "{\"a\":1")
        #expect(line.reasons == ["cut"])
    }

    @Test(arguments: [
        "\tat a.B(C.java:1)", "[2026-11-22T10:06:14,933] no level", "Caused by: a.B: c", "{\"cut",
    ])
    func `what no format knows fails`(_ text: String) throws {
        #expect(try FormatLine.read("elasticsearch", text).event.outcome == .failed)
    }

    @Test func `the collector's lines begin with their time`() {
        let places = FormatLine.places(
            ElasticsearchTail.placeCollection,
            [
                "2026-11-22T10:35:26.632+0500: 224.671: x", "[2026-11-22T10:35:26.632+0000][12][gc] x",
                "- age   1:    123 bytes", "[2026-11-22T10:06:14,933][INFO ][i.s.s.query] x",
            ])
        #expect(places == "bb--")
    }
}
