import Index
import Parse
import Query
import TOMLKit

/// One `[[retention]]` of the settings file: a class of events that is kept for a shorter time.
struct RetentionTable {
    /// `FILE:LINE` of its head.
    let place: String
    /// A query without stages.
    let query: String
    /// As it is written: `7d`.
    let keep: String

    static func all(_ table: TOMLTable, _ path: String, _ text: String) throws -> [RetentionTable] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let heads = lines.indices.filter { lines[$0].drop { $0 == " " }.hasPrefix("[[retention]]") }
        guard let array = table["retention"]?.array else {
            throw ExitCode.usage(
                "\(path): retention is written [[retention]], each with where and keep below")
        }
        return try array.enumerated().map { index, element in
            let place = "\(path):\(index < heads.count ? heads[index] + 1 : 1)"
            guard let inner = element.table else {
                throw ExitCode.usage("\(place): a [[retention]] is a table with where and keep")
            }
            for key in inner.keys.sorted() where key != "where" && key != "keep" {
                throw ExitCode.usage("\(place): a [[retention]] has no key \"\(key)\"; there are where, keep")
            }
            guard let query = inner["where"]?.string, let keep = inner["keep"]?.string else {
                throw ExitCode.usage("\(place): a [[retention]] needs where and keep, each a text in quotes")
            }
            guard query.utf8.contains(where: { $0 > 0x20 }) else {
                throw ExitCode.usage("\(place): where is empty; * is every event")
            }
            return RetentionTable(place: place, query: query, keep: keep)
        }
    }
}

extension RetentionRules {
    init(_ values: SettingValues) throws {
        self.init(
            hotDays: try values.read(.hotDays) { try Self.days($0) },
            hotSize: try values.read(.hotSize) { $0 == "off" ? nil : try Self.bytes($0) },
            archiveKeep: try values.read(.archiveKeep) { $0 == "off" ? nil : try Self.days($0) })
        for rule in values.file.retention {
            let keep: Int
            do { keep = try Self.days(rule.keep) } catch let error as ExitCode {
                throw ExitCode.usage("\(rule.place): keep: \(error.message ?? "is wrong")")
            }
            guard keep <= hotDays else {
                throw ExitCode.usage(
                    "\(rule.place): keep = \"\(rule.keep)\" is longer than hot_days = \(hotDays): its events would be in the archive by then; raise hot_days, or keep less"
                )
            }
            classes.append(Class(query: rule.query, keep: keep))
        }
    }

    /// Reads every query of the rules; throws what is wrong with one.
    func check(_ file: SettingsFile) throws {
        for rule in file.retention {
            do throws(QueryError) {
                let query = try Query.parse(rule.query, QueryContext(fields: { _ in .open }))
                guard query.stages.isEmpty else { throw QueryError.stages(rule.query) }
            } catch {
                throw ExitCode.usage("\(rule.place): \(error.rendered(query: rule.query))")
            }
        }
    }

    /// Reads `30`, `30d`, `8w` or `3y` as days; a year has 365.
    private static func days(_ text: String) throws -> Int {
        let number = text.prefix { $0.isASCII && $0.isNumber }
        let factor = ["": 1, "d": 1, "w": 7, "y": 365][String(text.dropFirst(number.count))]
        guard let count = Int(number), let factor, count <= 36_500 else {
            throw ExitCode.usage("\"\(text)\" is no number of days like 30, 30d, 8w or 3y, up to 36500d")
        }
        return min(count * factor, 36_500)
    }

    /// Reads `200GB` or `50GiB`.
    private static func bytes(_ text: String) throws -> Int {
        let number = text.prefix { $0.isASCII && $0.isNumber }
        let units = [
            "": 1, "b": 1, "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000, "tb": 1_000_000_000_000,
            "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
        ]
        guard let count = Int(number), let unit = units[text.dropFirst(number.count).lowercased()] else {
            throw ExitCode.usage("\"\(text)\" is no size like 200GB or 50GiB, and not off")
        }
        let (size, overflow) = count.multipliedReportingOverflow(by: unit)
        return overflow ? .max : size
    }
}
