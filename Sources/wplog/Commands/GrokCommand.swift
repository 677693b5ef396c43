import ArgumentParser
import Parse
import Query

/// The command wplog grok.
struct GrokCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grok",
        abstract: "Try a grok pattern on lines: one line in, its captures as a JSON object out.",
        discussion: """
            echo '10.0.0.1 GET /x' | wplog grok '%{IP:client} %{WORD:method} %{NOTSPACE:path}'
            wplog grok '%{MYAPP}' --patterns ./patterns < app.log
            wplog grok '%{ID:id} %{GREEDYDATA:rest}' --define 'ID [A-Z]+-[0-9]+' < app.log
            wplog grok --explain '%{IP:client} %{INT:status:int}' < app.log

            A line that does not match gives null; with --explain, how far the pattern went.
            """)

    @Argument(help: ArgumentHelp("%{NAME:field:type} and regular expressions.", valueName: "pattern"))
    var pattern: String

    @Option(
        help: ArgumentHelp(
            "A folder of pattern files; its patterns replace built-in ones of the same name.",
            valueName: "DIR"))
    var patterns: [String] = []

    @Option(
        help: ArgumentHelp(
            "A pattern that the others may use; as in a pattern file.", valueName: "'NAME regex'"))
    var define: [String] = []

    @Flag(help: "Say how far each line got.")
    var explain = false

    mutating func run() throws {
        var library = PatternLibrary.embedded
        do {
            for folder in patterns { library = try PatternFolder.library(folder, over: library) }
            let definitions = define.map { (fileName: "--define", bytes: Array($0.utf8)) }
            library = try library.adding(definitions)
        } catch let error as GrokError { throw ExitCode.usage("\(error)") }
        let trial = try GrokTrial(pattern, library: library, explains: explain)
        var matcher = GrokMatcher()
        var input = StandardInput()
        while let lines = try input.next() {
            var json = JSONText()
            for line in lines {
                trial.append(line, &matcher, to: &json)
                json.endLine()
            }
            try Output.write(json.bytes)
        }
    }
}
