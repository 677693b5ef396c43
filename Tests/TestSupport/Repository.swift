import Foundation

/// The files of this repository, found from the place of this one.
package enum Repository {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The lines of every file in a folder whose name ends in `suffix`, without their ends.
    package static func lines(in folder: String, suffix: String) throws -> [[UInt8]] {
        let directory = root.appendingPathComponent(folder)
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
        return try names.filter { $0.hasSuffix(suffix) }.flatMap { name in
            [UInt8](try Data(contentsOf: directory.appendingPathComponent(name)))
                .split(separator: 0x0A).map { Array($0) }
        }
    }

    /// The real lines of `Tests/Formats`, with the programs that wrote them.
    package static func formatLines() throws -> [(program: String, line: [UInt8])] {
        try lines(in: "Tests/Formats", suffix: ".ndjson").compactMap { row in
            let object = try JSONSerialization.jsonObject(with: Data(row)) as? [String: Any]
            guard let program = object?["program"] as? String else { return nil }
            if let text = object?["line_b64"] as? String, let data = Data(base64Encoded: text) {
                return (program, [UInt8](data))
            }
            return (object?["line"] as? String).map { (program, Array($0.utf8)) }
        }
    }
}

/// Whole files as bytes.
package enum Files {
    package static func read(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    package static func write(_ bytes: [UInt8], to path: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    /// Names in a folder, sorted.
    package static func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    package static func size(_ path: String) -> Int {
        (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? -1
    }
}
