import ArgumentParser
import FoundationEssentials
import Parse
import Query

/// What a shell may put behind the beginning of a query: fields, their values, and stages.
enum QueryCompletion {
    static let kind = CompletionKind.custom { _, _, prefix async in await complete(prefix) }

    /// The words that may stand in place of the last one of a query.
    ///
    /// - `prefix`: what has been typed.
    private static func complete(_ prefix: String) async -> [String] {
        let last =
            prefix.split(separator: " ", omittingEmptySubsequences: false).last.map { String($0) } ?? ""
        let before = String(prefix.dropLast(last.count))
        let isStage = before.split(separator: " ").last == "|"
        if isStage { return StageVerb.names.filter { $0.hasPrefix(last) }.map { before + $0 } }
        guard let colon = last.firstIndex(of: ":") else {
            let names = Fields.catalogue.filter { !$0.isHidden }.map(\.name) + ["raw", "time", "received"]
            return Set(names).sorted().filter { $0.hasPrefix(last) }.map { before + $0 + ":" }
        }
        let field = String(last[..<colon])
        let value = String(last[last.index(after: colon)...])
        return await values(field, value).map { "\(before)\(field):\($0)" }
    }

    /// Values that the index has, from a server; none where there is no server.
    private static func values(_ field: String, _ prefix: String) async -> [String] {
        guard let source = try? Source(server: nil, place: PlaceOptions.parse([])) else { return [] }
        let bytes = try? await source.get(
            "/api/v1/values",
            [("field", field), ("prefix", prefix), ("limit", "30"), ("output", "tsv"), ("since", "7d")])
        let lines = String(decoding: bytes ?? [], as: UTF8.self).split(separator: "\n").dropFirst()
        return lines.compactMap { line in
            let value = line.split(separator: "\t").first.map { String($0) } ?? ""
            return value.contains(" ") ? "\"\(value)\"" : value
        }
    }
}
