import Testing

/// `wplog check` as monitors call it.
struct CheckTests {
    private struct Case: CustomTestStringConvertible {
        let arguments: [String]
        let code: Int32
        let output: String

        var testDescription: String { arguments.joined(separator: " ") }
    }

    private static let cases = [
        Case(
            arguments: ["status:5xx", "--warn", "1", "--crit", "50"], code: 1,
            output: "WPLOG WARNING - 2 events match status:5xx in 5m | count=2;1;50;0"),
        Case(
            arguments: ["status:5xx", "-w", "2", "-c", "50"], code: 0,
            output: "WPLOG OK - 2 events match status:5xx in 5m | count=2;2;50;0"),
        Case(
            arguments: ["status:5xx", "-c", "1", "--since", "1h"], code: 2,
            output: "WPLOG CRITICAL - 2 events match status:5xx in 1h | count=2;;1;0"),
        Case(
            arguments: ["backup done", "--crit", "1", "--below"], code: 2,
            output: "WPLOG CRITICAL - 0 events match backup done in 5m | count=0;;1:;0"),
        Case(
            arguments: ["status:404", "-w", "@1:3"], code: 1,
            output: "WPLOG WARNING - 1 event matches status:404 in 5m | count=1;@1:3;;0"),
        Case(
            arguments: ["status:404", "-w", "5:"], code: 1,
            output: "WPLOG WARNING - 1 event matches status:404 in 5m | count=1;5:;;0"),
        Case(
            arguments: ["program:nginx | stats p95(request_time)", "-w", "0.5", "-c", "5"], code: 1,
            output:
                "WPLOG WARNING - p95(request_time) is 4 for program:nginx in 5m | p95(request_time)=4s;0.5;5;"
        ),
        Case(
            arguments: ["app || nginx", "-w", "100"], code: 0,
            output: "WPLOG OK - 13 events match app ¦¦ nginx in 5m | count=13;100;;0"),
        Case(
            arguments: ["status:5xx"], code: 3,
            output: "WPLOG UNKNOWN - a check needs a threshold: --warn N, --crit N, or both"),
        Case(
            arguments: ["* | count by host", "-w", "1"], code: 3,
            output: "WPLOG UNKNOWN - the query gives 2 rows, and a check needs one number"),
        Case(
            arguments: ["nothing | stats avg(bytes)", "-w", "1"], code: 3,
            output: "WPLOG UNKNOWN - there is no avg(bytes): no event of the window has one"),
        Case(
            arguments: ["stauts:1", "-w", "1"], code: 3,
            output:
                "WPLOG UNKNOWN - no field is named stauts; did you mean status? to search text: \"stauts:1\""),
        Case(
            arguments: ["x", "-w", "5:1"], code: 3,
            output: "WPLOG UNKNOWN - --warn takes a number or a range such as 10, 5:10, 10:, ~:10, @5:10, "
                + "and not \"5:1\""),
        Case(
            arguments: ["x", "--wran", "5"], code: 3,
            output: "WPLOG UNKNOWN - Unknown option '--wran'. Did you mean '--warn'?"),
    ]

    @Test func `a state, a line and its data`() async throws {
        let filled = try await FilledServer()
        for test in Self.cases {
            let result = try await CommandResult(["check"] + test.arguments + ["--data", filled.server.data])
            #expect(result.code == test.code, "\(test)")
            #expect(result.output == test.output + "\n" && result.error == "", "\(test): \(result.error)")
        }
    }

    @Test func `a server that is not there is UNKNOWN`() async throws {
        let result = try await CommandResult(["check", "x", "-w", "1", "--server", "http://127.0.0.1:1"])
        #expect(result.code == 3)
        #expect(result.output.hasPrefix("WPLOG UNKNOWN - cannot reach http://127.0.0.1:1: "))
    }
}
