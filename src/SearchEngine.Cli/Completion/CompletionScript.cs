namespace SearchEngine.Cli.Completion;

/// <summary>
/// System.CommandLine answers <c>searchengine "[suggest:POSITION]" "LINE"</c> with what may stand there, one a line. Where it has nothing, as for
/// the value of an option, shells complete file names.
/// </summary>
internal static class CompletionScript
{
    private const string Bash =
        """
        _searchengine() {
          local IFS=$'\n' word=${COMP_WORDS[COMP_CWORD]}
          COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "$word"))
        }
        complete -o default -F _searchengine searchengine

        """;

    private const string Zsh =
        """
        _searchengine() {
          local -a found
          found=("${(@f)$("${words[1]}" "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
          [[ -n "$found" ]] && compadd -- $found || _files
        }
        compdef _searchengine searchengine

        """;

    private const string Fish =
        """
        complete -c searchengine -a '(set -l typed (commandline -cp); searchengine "[suggest:"(string length -- "$typed")"]" "$typed" 2>/dev/null)'

        """;

    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal) { ["bash"] = Bash, ["zsh"] = Zsh, ["fish"] = Fish };

    public static IReadOnlyCollection<string> Shells => Scripts.Keys;

    public static string For(string shell) => Scripts[shell];
}
