import Foundation
import Testing

@testable import Parse

@Suite struct GrokSampleTests {
    /// One line of a sample file: `NAME + text`, `NAME - text` or `NAME * reason`.
    struct Sample: CustomTestStringConvertible {
        let place: String
        let name: String
        let kind: Character
        let text: String

        var testDescription: String { "\(place): \(name) \(kind) \(text)" }
    }

    static let samples: [Sample] = {
        let folder = GrokRepository.patterns.appending(path: "samples")
        let files = (try? GrokRepository.files(in: folder)) ?? []
        return files.flatMap { file -> [Sample] in
            let text = (try? String(contentsOf: folder.appending(path: file), encoding: .utf8)) ?? ""
            return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap {
                number, line in
                if line.isEmpty || line.hasPrefix("#") { return nil }
                let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
                return Sample(
                    place: "samples/\(file):\(number + 1)", name: String(parts[0]),
                    kind: parts.count > 1 ? parts[1].first ?? "?" : "?",
                    text: parts.count > 2 ? String(parts[2]) : "")
            }
        }
    }()

    @Test func `every sample matches or fails to match as it says`() throws {
        var matcher = GrokMatcher()
        var programs: [String: GrokProgram] = [:]
        for sample in Self.samples where sample.kind != "*" {
            #expect("+-".contains(sample.kind), "\(sample.testDescription)")
            let program =
                try programs[sample.name]
                ?? GrokProgram("%{\(sample.name)}", library: .embedded, wholeLine: true, origin: sample.place)
            programs[sample.name] = program
            let bytes = Array(sample.text.utf8)
            let outcome = matcher.match(program, bytes.span, from: 0, to: bytes.count)
            #expect(outcome == (sample.kind == "+" ? .matched : .noMatch), "\(sample.testDescription)")
        }
    }

    @Test func `every pattern has samples of both kinds, or a reason`() throws {
        #expect(Self.samples.count > 200)
        for file in try GrokRepository.files(in: GrokRepository.patterns) {
            var library = PatternLibrary()
            try library.add(
                fileName: file, bytes: GrokRepository.bytes(GrokRepository.patterns.appending(path: file)))
            for name in library.names {
                let own = Self.samples.filter { $0.name == name && $0.place.hasPrefix("samples/\(file):") }
                #expect(own.contains { $0.kind == "+" }, "\(file): \(name) has no text that it must match")
                let refused = own.contains { $0.kind == "-" || ($0.kind == "*" && !$0.text.isEmpty) }
                #expect(refused, "\(file): \(name) has no text that it must not match")
            }
        }
    }
}
