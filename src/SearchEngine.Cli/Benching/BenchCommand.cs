using System.CommandLine;

namespace SearchEngine.Cli.Benching;

/// <summary><c>bench</c>: what settings cost and give.</summary>
internal static class BenchCommand
{
    public static Command Create() => new(
        "bench",
        """
        Measures what settings cost and give.

        Examples:
          searchengine bench dims -c docs --html dims.html
          searchengine bench dims --base base.fbin
        """)
    {
        DimsCommand.Create(),
    };
}
