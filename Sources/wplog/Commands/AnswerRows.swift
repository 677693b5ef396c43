import FoundationEssentials
import Query

/// A value in a row of an answer.
enum AnswerCell: Decodable, Equatable {
    case number(Double)
    case text(String)
    case none

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else {
            self = .none
        }
    }

    var number: Double? { if case .number(let number) = self { number } else { nil } }

    /// As people read it; `-` where there is none.
    var text: String {
        switch self {
        case .number(let number): DecimalText.rounded(number)
        case .text(let text): String(decoding: ResultText.printable(Array(text.utf8)), as: UTF8.self)
        case .none: "-"
        }
    }
}

/// The rows of a table in JSON.
enum AnswerRows {
    /// One row a line; other lines are left out.
    static func read(_ bytes: [UInt8]) -> [[String: AnswerCell]] {
        bytes.split(separator: 0x0A).compactMap { line in
            try? JSONDecoder().decode([String: AnswerCell].self, from: Data(line))
        }
    }
}

extension Source {
    /// The rows of a table that a query gives, as values.
    ///
    /// - `text`: the part of the query that a user wrote, if not all.
    func rows(
        _ query: String, since: String? = nil, until: String? = nil, timeout: String? = nil,
        asks text: String? = nil
    ) async throws -> (rows: [[String: AnswerCell]], meta: SearchMeta) {
        var question = SearchQuestion(query, since: since, until: until, form: OutputForm(.json))
        question.limit = SearchQuestion.limitMost
        question.timeout = timeout
        let answer = try await self.answer(question, asks: text ?? query)
        return (AnswerRows.read(answer.bytes), answer.meta)
    }
}
