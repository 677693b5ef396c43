import Foundation
import TestSupport
import Testing

@testable import Ingest

/// Files in parts that end with a line.
@Suite(.temporaryDirectory) struct LogFileTests {
    private func path(_ bytes: [UInt8]) throws -> String {
        let path = TemporaryDirectory.path + "/log"
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }

    /// All parts of a file, and what ended it.
    private func parts(_ bytes: [UInt8], _ count: Int) throws -> (parts: [[UInt8]], damage: String?) {
        let file = try LogFile(try path(bytes))
        var parts: [[UInt8]] = []
        do {
            while let part = try file.next(count) { parts.append(part) }
        } catch { return (parts, "\(error)") }
        return (parts, nil)
    }

    @Test func `a file comes whole, in parts that end with a line`() throws {
        var random = SeededRandom()
        for _ in 0..<30 {
            let lines = (0..<random.below(40)).map { _ in
                random.bytes(random.below(random.once(in: 20) ? 100_000 : 90)).filter { $0 != 0x0A }
            }
            var bytes = Array(lines.joined(separator: [0x0A]))
            if random.once(in: 2) { bytes.append(0x0A) }
            // It must not be taken for an archive.
            if bytes.first == 0x1F { bytes[0] = 0x20 }
            let (parts, damage) = try parts(bytes, 1 + random.below(5_000))
            #expect(damage == nil)
            #expect(Array(parts.joined()) == bytes, "seed \(random.seed)")
            #expect(parts.dropLast().allSatisfy { $0.last == 0x0A }, "seed \(random.seed)")
            #expect(parts.allSatisfy { !$0.isEmpty })
        }
    }

    /// `gzip` of "one\ntwo\n", and of "three\n".
    private static let first: [UInt8] = gzip("one\ntwo\n")
    private static let second: [UInt8] = gzip("three\n")

    private static func gzip(_ text: String) -> [UInt8] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["sh", "-c", "printf '\(text.replacing("\n", with: "\\n"))' | gzip -n"]
        let pipe = Pipe()
        process.standardOutput = pipe
        guard (try? process.run()) != nil else { return [] }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return [UInt8](data)
    }

    @Test func `archives of one member or several are unpacked`() throws {
        #expect(try parts(Self.first, 1).parts == [Array("one\n".utf8), Array("two\n".utf8)])
        #expect(
            try parts(Self.first + Self.second, 100).parts.joined().elementsEqual("one\ntwo\nthree\n".utf8))
        // As tape tools pad.
        let padded = try parts(Self.first + [UInt8](repeating: 0, count: 700), 100)
        #expect(padded.damage == nil)
        #expect(padded.parts.joined().elementsEqual("one\ntwo\n".utf8))
    }

    @Test func `of a cut or damaged archive comes what there is, and then the reason`() throws {
        let whole = Self.first + Self.second
        for cut in 3..<whole.count where cut != Self.first.count {
            let (parts, damage) = try parts(Array(whole[..<cut]), 100)
            #expect(damage?.contains("inside a compressed part") == true, "cut at \(cut)")
            #expect(Array("one\ntwo\nthree\n".utf8).starts(with: parts.joined()))
        }
        var broken = whole
        broken[Self.first.count + 12] ^= 0xFF
        let (parts, damage) = try parts(broken, 100)
        #expect(damage?.contains("is damaged") == true)
        #expect(Array(parts.joined()).starts(with: Array("one\ntwo\n".utf8)) || parts.isEmpty)
        let tail = try self.parts(Self.first + Array("no archive".utf8), 100)
        #expect(tail.damage != nil)
    }

    @Test func `a line without an end comes in bounded parts`() throws {
        let bytes = [UInt8](repeating: 0x78, count: IngestLimits.lineBytes * 2 + 500_000)
        let (parts, damage) = try parts(bytes, 1_000)
        #expect(damage == nil)
        #expect(parts.map(\.count).reduce(0, +) == bytes.count)
        #expect(parts.allSatisfy { $0.count < IngestLimits.lineBytes + 1 << 20 })
    }

    @Test func `what is no file says why`() throws {
        #expect(
            "\(try #require(throws: LogFileError.self) { try LogFile("/nowhere/at/all") })".contains(
                "/nowhere/at/all: No such file"))
        #expect(
            "\(try #require(throws: LogFileError.self) { try LogFile(TemporaryDirectory.path) })".contains(
                "is a folder"))
        #expect(try parts([], 10).parts == [])
    }

    @Test func `a hash taken up again is that of the whole`() {
        var random = SeededRandom()
        let bytes = random.bytes(5_000)
        var whole = ContentHash()
        whole.add(bytes.span)
        let cut = random.below(5_000)
        var first = ContentHash()
        first.add(bytes.span.extracting(..<cut))
        var second = ContentHash(first.value)
        second.add(bytes.span.extracting(cut...))
        #expect(second.value == whole.value)
        // The test vector of FNV-1a for "a".
        var a = ContentHash()
        a.add([0x61].span)
        #expect(a.value == 0xAF63_DC4C_8601_EC8C)
    }
}
