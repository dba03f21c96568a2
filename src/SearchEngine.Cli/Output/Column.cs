using Spectre.Console;

namespace SearchEngine.Cli.Output;

/// <summary>A column of a table: words to the left, numbers to the right.</summary>
internal readonly record struct Column(string Name, Justify Side)
{
    public static Column Words(string name) => new(name, Justify.Left);

    public static Column Number(string name) => new(name, Justify.Right);
}
