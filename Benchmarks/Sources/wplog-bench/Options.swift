import Foundation

/// The command line.
struct Options {
    /// Events that the server gets; the targets are for 1,000,000.
    var events = 1_000_000
    /// The wplog program.
    var binary = ".build/release/wplog"
    /// The folder of wpgen.c and access-lines.txt.
    var generator = "../shared/bench"
    var usesOwnLoad = false
    var isMarkdown = false
    var parts: Set<String> = ["parse", "store", "server"]

    static let help = """
        wplog-bench [--events N] [--binary FILE] [--only parse,store,server] [--markdown] [--generator DIR|own]

          --events N         events that the server gets (default 1000000, for which the targets hold)
          --binary FILE      the release build of wplog (default .build/release/wplog)
          --only PARTS       parse, store, server, or several with commas
          --markdown         print the table as Markdown, with the machine, for RESULTS.md
          --generator DIR    where wpgen.c and access-lines.txt are (default ../shared/bench; without them,
                             and with "own", the lines are made here)
        """

    /// Nil: help was asked for.
    init?(_ arguments: [String]) throws {
        var rest = arguments[...]
        func value(_ name: String) throws -> String {
            guard let value = rest.popFirst() else {
                throw Failure("\(name) needs a value; --help shows the options")
            }
            return value
        }
        while let argument = rest.popFirst() {
            switch argument {
            case "--help", "-h": return nil
            case "--markdown": isMarkdown = true
            case "--binary": binary = try value(argument)
            case "--events":
                let text = try value(argument)
                guard let number = Int(text), (10_000...20_000_000).contains(number) else {
                    throw Failure("--events takes 10000 to 20000000, and not \(text)")
                }
                events = number
            case "--generator":
                let text = try value(argument)
                if text == "own" { usesOwnLoad = true } else { generator = text }
            case "--only":
                let names = try value(argument).split(separator: ",").map { String($0) }
                if let wrong = names.first(where: { !parts.contains($0) }) {
                    throw Failure("--only takes parse, store and server, and not \(wrong)")
                }
                parts = Set(names)
            default: throw Failure("there is no option \(argument); --help shows the options")
            }
        }
    }
}
