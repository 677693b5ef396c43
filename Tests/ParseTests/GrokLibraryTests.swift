import Foundation
import Testing

@testable import Parse

@Suite struct GrokLibraryTests {
    @Test func `every file of grok-patterns is embedded, byte for byte`() throws {
        let files = try GrokRepository.files(in: GrokRepository.patterns)
        #expect(PatternLibrary.embeddedFiles.map(\.name) == files)
        for file in PatternLibrary.embeddedFiles {
            let onDisk = try GrokRepository.bytes(GrokRepository.patterns.appending(path: file.name))
            #expect(file.bytes == onDisk, "\(file.name) differs from the embedded copy")
        }
    }

    @Test func `every embedded pattern compiles alone`() throws {
        for name in PatternLibrary.embedded.names {
            _ = try GrokProgram("%{\(name)}", library: .embedded, wholeLine: false)
        }
    }

    @Test func `the names that Logstash users expect are there`() {
        let names = Set(PatternLibrary.embedded.names)
        let expected = """
            WORD INT NUMBER BASE10NUM POSINT NONNEGINT NOTSPACE SPACE DATA GREEDYDATA QUOTEDSTRING \
            QS UUID IP IPV4 IPV6 HOSTNAME IPORHOST HOSTPORT USERNAME USER EMAILADDRESS PATH UNIXPATH \
            URI URIPATHPARAM MONTH MONTHDAY MONTHNUM YEAR HOUR MINUTE SECOND TIME DAY \
            TIMESTAMP_ISO8601 SYSLOGTIMESTAMP HTTPDATE LOGLEVEL PROG SYSLOGPROG SYSLOGHOST \
            SYSLOGBASE COMBINEDAPACHELOG HTTPD_COMBINEDLOG
            """.split(separator: " ").map(String.init)
        #expect(expected.filter { !names.contains($0) } == [])
    }

    @Test func `comments, blank lines, blanks around and line ends are read as Logstash reads them`() throws {
        var library = PatternLibrary()
        try library.add(
            fileName: "f", bytes: Array("# c\n\n   \t\r\n  A  x y\r\nB\t#not a comment\n#D d\nC c ".utf8))
        #expect(library.names == ["A", "B", "C"])
        #expect(library.text(of: "A") == "x y")
        #expect(library.text(of: "B") == "#not a comment")
        #expect(library.text(of: "C") == "c ")
        #expect(library.text(of: "D") == nil)
    }

    @Test func `a later definition replaces an earlier one, also inside others`() throws {
        let base = try PatternLibrary().adding([("base", Array("ID [0-9]+\nLINE id=%{ID:id}".utf8))])
        let own = try base.adding([("own", Array("ID [a-z]+\n".utf8))])
        #expect(try grokFields("%{LINE}", "id=12", library: base) == ["id": "12"])
        #expect(try grokFields("%{LINE}", "id=ab", library: own) == ["id": "ab"])
        #expect(try grokFields("%{LINE}", "id=12", library: own) == nil)
    }

    @Test func `a bad file leaves the library as it was`() {
        let library = PatternLibrary.embedded
        #expect(throws: GrokError.self) {
            try library.adding([("a", Array("A a".utf8)), ("b", Array("B".utf8))])
        }
        #expect(library.text(of: "A") == nil)
    }
}

/// The fields that `pattern` reads from `line`, each with its text; nil when it does not match.
func grokFields(
    _ pattern: String, _ line: String, library: PatternLibrary = .embedded, wholeLine: Bool = true
) throws -> [String: String]? {
    let program = try GrokProgram(pattern, library: library, wholeLine: wholeLine)
    var matcher = GrokMatcher()
    let bytes = Array(line.utf8)
    guard matcher.match(program, bytes.span, from: 0, to: bytes.count) == .matched else { return nil }
    var fields: [String: String] = [:]
    for (index, capture) in program.captures.enumerated() {
        if let range = matcher.range(of: index) {
            fields[capture.field] = String(decoding: bytes[range.range], as: UTF8.self)
        }
    }
    return fields
}
