import Testing

@testable import Ingest

@Suite struct ForeignProtocolTests {
    @Test(
        arguments: [
            ([], nil), ([0x16], nil), ([0x16, 0x03], true), ([0x16, 0x03, 0x01, 0x0A], true),
            ([0x16, 0x04], false),
            ([0x3C], false), ([0x03, 0x16], false),
        ] as [([UInt8], Bool?)]) func `TLS is told by two bytes`(_ bytes: [UInt8], _ expected: Bool?)
    {
        #expect(ForeignProtocol.isTLS(bytes.span) == expected)
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r", true), ("GET / HTTP/1.0", true), ("POST /insert/jsonline?x=1 HTTP/1.1\r", true),
        ("OPTIONS * HTTP/1.1\r", true), ("CONNECT a:443 HTTP/1.1", true), ("PRI * HTTP/2.0\r", true),
        ("GET / HTTP/1.", false), ("GET /", false), ("get / HTTP/1.1", false), ("GE / HTTP/1.1", false),
        ("LONGWORD / HTTP/1.1", false), ("GET HTTP/1.1", false), ("<13>GET / HTTP/1.1", false), ("", false),
        ("\r", false),
        ("1.2.3.4 \"GET / HTTP/1.1\" 200", false),
    ]) func `HTTP is told by its request line`(_ line: String, _ expected: Bool) {
        let bytes = Array("x\n\(line)\ny".utf8)
        #expect(ForeignProtocol.isHTTPRequest(bytes.span, 2..<2 + line.utf8.count) == expected)
    }
}
