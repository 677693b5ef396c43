import Testing

@testable import Ingest

@Suite struct ConnectionTableTests {
    @Test func `the limit per address`() {
        let table = ConnectionTable()
        for _ in 0..<IngestLimits.connectionsPerAddress { #expect(table.enter("a") == nil) }
        #expect(table.enter("a") == .tooManyFromAddress)
        #expect(table.enter("b") == nil)
        table.leave("a")
        #expect(table.enter("a") == nil)
        #expect(table.enter("a") == .tooManyFromAddress)
    }

    @Test func `the limit in all`() {
        let table = ConnectionTable()
        for number in 0..<IngestLimits.connections { #expect(table.enter("\(number / 100)") == nil) }
        #expect(table.enter("new") == .tooManyConnections)
        table.leave("unknown")
        #expect(table.enter("new") == .tooManyConnections)
        table.leave("0")
        #expect(table.enter("new") == nil)
        #expect(table.enter("new") == .tooManyConnections)
    }
}
