using Spectre.Console;

namespace SearchEngine.Cli.Output;

/// <summary>Where people read: tables and lines on standard output. Texts are shown as they are; nothing in them is markup.</summary>
internal static class Screen
{
    /// <summary>Columns of a table in a file or pipe, where there is no window to ask.</summary>
    private const int WidthOfFiles = 140;

    private static readonly Lazy<IAnsiConsole> Console = new(() =>
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings());
        if (System.Console.IsOutputRedirected) console.Profile.Width = WidthOfFiles;
        return console;
    });

    public static void Table(IReadOnlyList<Column> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (Column column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column.Name)) { Alignment = column.Side });
        }
        foreach (IReadOnlyList<string> row in rows)
        {
            table.AddRow(row.Select((cell, place) => new Text(cell) { Justification = columns[place].Side }));
        }
        Console.Value.Write(table);
    }

    /// <summary>A line as it is, however long: it can be copied.</summary>
    public static void Line(string text = "") => System.Console.Out.WriteLine(text);

    public static void Heading(string text)
    {
        Line();
        Line(text);
        Line(new string('=', text.Length));
    }
}
