import ArgumentParser
import FoundationEssentials
import Glibc
import Index
import Parse
import Query

/// The options that say how results are shown, the same for all commands that show some.
struct OutputOptions: ParsableArguments {
    @Option(
        name: [.short, .long],
        help: ArgumentHelp("\(OutputStyle.list).", valueName: "FORM"),
        completion: .list(OutputStyle.allCases.map(\.rawValue)))
    var output: String?

    @Flag(help: "The same as -o json.")
    var json = false

    @Option(help: ArgumentHelp("These columns alone: host,status,path.", valueName: "FIELDS"))
    var fields: String?

    @Option(help: ArgumentHelp("Each line so: '{time} {host} {status}'.", valueName: "TEXT"))
    var template: String?

    @Option(
        help: ArgumentHelp("auto, always or never.", valueName: "WHEN"),
        completion: .list(["auto", "always", "never"]))
    var color = "auto"

    @Flag(help: "Long lines go on in the next one.")
    var wrap = false

    @Flag(help: "Control characters as they are, and nothing cut.")
    var raw = false

    @Flag(help: "No pager.")
    var noPager = false

    @Flag(name: .shortAndLong, help: "Nothing on standard error but errors.")
    var quiet = false

    var isTerminal: Bool { Terminal.isTerminal(STDOUT_FILENO) }

    /// How rows are written.
    ///
    /// - `standard`: the style where none is asked for.
    func form(_ standard: OutputStyle = .text) throws -> OutputForm {
        let name = output ?? (json ? OutputStyle.json.rawValue : standard.rawValue)
        guard let style = OutputStyle(named: name) else {
            throw ExitCode.usage("there is no output form \"\(name)\": choose one of \(OutputStyle.list)")
        }
        guard ["auto", "always", "never"].contains(color) else {
            throw ExitCode.usage("--color takes auto, always or never, and not \"\(color)\"")
        }
        var form = OutputForm(style, zone: Zones.local, now: Clock.now())
        form.colors = Terminal.wantsColors(color, STDOUT_FILENO)
        if isTerminal { form.width = Terminal.width }
        form.wraps = wrap
        form.isVerbatim = raw
        form.fields = fields.map { $0.split(separator: ",").map { String($0) } } ?? []
        if let template {
            // Which fields there are, the one who answers knows.
            do { form.template = try OutputTemplate(template, isField: { _ in true }) } catch {
                throw ExitCode.usage("--template: \(error)")
            }
        }
        return form
    }

    /// Whether rows go through a pager.
    var wantsPager: Bool { isTerminal && !noPager && !Terminal.isDumb }

    /// Shows an answer.
    func show(_ bytes: [UInt8]) throws {
        let pager = Pager(isWanted: wantsPager)
        if !bytes.isEmpty { try pager.write(bytes) }
        pager.close()
    }

    /// Says on standard error how a search went.
    func report(_ meta: SearchMeta, _ question: SearchQuestion) {
        guard !quiet else { return }
        for note in meta.notes ?? [] { Output.note("note: \(note)") }
        Output.note(meta.summary(zone: Zones.local))
        if let ahead = meta.ahead { Output.note("\(ahead.description); time:>now finds them") }
        for reason in meta.reasons ?? [] { Output.note("  \(reason)") }
        if meta.truncated == true {
            Output.note(
                question.isAll
                    ? "these are not all that match; a narrower window has fewer"
                    : "these are \(question.limit) of them; -n N shows more, --all everything")
        }
    }
}
