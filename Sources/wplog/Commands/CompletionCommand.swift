import ArgumentParser

/// The command wplog completion.
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Write the script that makes a shell complete commands, fields and their values.",
        discussion: """
            wplog completion bash > /etc/bash_completion.d/wplog
            wplog completion zsh > "${fpath[1]}/_wplog"
            wplog completion fish > ~/.config/fish/completions/wplog.fish
            """)

    @Argument(
        help: ArgumentHelp("bash, zsh or fish.", valueName: "shell"),
        completion: .list(["bash", "fish", "zsh"]))
    var shell: String

    mutating func run() throws {
        guard let kind = CompletionShell(rawValue: shell) else {
            throw ExitCode.usage("there is no shell \"\(shell)\" here: choose one of bash, zsh, fish")
        }
        var script = WPLog.completionScript(for: kind)
        if kind == .bash { script += "\n" + Self.bashQueries }
        try Output.write(Array((script + (script.hasSuffix("\n") ? "" : "\n")).utf8))
    }

    /// A field is followed by its value without a blank, and no query is a file name.
    private static let bashQueries = """
        _wplog_queries() {
            _wplog "${@}"
            case "${COMP_WORDS[1]}" in
            search|s|tail|stats|report|check|unparsed)
                compopt +o filenames
                [[ ${#COMPREPLY[@]} -eq 1 && "${COMPREPLY[0]}" = *: ]] && compopt -o nospace
                ;;
            esac
            return 0
        }
        complete -o filenames -F _wplog_queries wplog

        """
}
