using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SearchEngine.Cli.Output;
using SearchEngine.Cli.Remote;
using SearchEngine.Cli.Searching;
using SearchEngine.Rpc.Client;

namespace SearchEngine.Cli.Transfer;

/// <summary><c>export</c>: a collection as JSON lines, from one snapshot. The file appears whole or not at all.</summary>
internal static class ExportCommand
{
    private static readonly Argument<string> FilePath = new("file") { Description = "File to write, replaced if it is there; - writes to standard output." };
    private static readonly Option<string> Collection = new("--collection", "-c") { Required = true, Description = "Collection or alias." };
    private static readonly Option<bool> Vectors = new("--vectors") { Description = "With vectors; they are most of the bytes." };
    private static readonly Option<string[]> Filters = new("--filter", "-f") { DefaultValueFactory = _ => [], Description = "attribute=value; also !=, >=, <=, >, <. Several all hold." };

    public static Command Create() => new Command(
        "export",
        """
        Exports a collection as JSON lines that `import` reads.

        Example:
          searchengine export articles.jsonl -c articles --vectors -f "year>=2025"
        """)
    {
        FilePath, Collection, Vectors, Filters,
    }.With("export", RunAsync);

    private static async Task RunAsync(Session session, ParseResult parsed, CancellationToken cancel)
    {
        Wire.RequestHeader header = Session.Header(parsed.GetRequiredValue(Collection));
        Wire.CollectionConfig schema = (await session.CallAsync(Api.Describe, new Wire.DescribeCollectionRequest { Header = header }, cancel).ConfigureAwait(false)).Collection.Config;
        var request = new Wire.ScrollRequest { Header = header, Filter = FilterText.Parse(parsed.GetRequiredValue(Filters), schema), Fields = new Wire.ReturnFields() };
        request.Fields.Attributes.Add("*");
        request.Fields.Texts.Add("*");
        if (parsed.GetValue(Vectors)) request.Fields.Vectors.Add("*");
        string path = parsed.GetRequiredValue(FilePath);
        if (path == "-")
        {
            await using Stream output = Console.OpenStandardOutput();
            await WriteAsync(session, request, output, cancel).ConfigureAwait(false);
            return;
        }
        long points = await WriteAsideAsync(session, request, path, cancel).ConfigureAwait(false);
        Screen.Line(session.Form == OutputForm.Json
            ? JsonSerializer.Serialize(new { file = Path.GetFullPath(path), points })
            : string.Create(CultureInfo.InvariantCulture, $"{points:N0} points written to {path}."));
    }

    private static async Task<long> WriteAsideAsync(Session session, Wire.ScrollRequest request, string path, CancellationToken cancel)
    {
        string aside = path + ".partial";
        try
        {
            long points;
            await using (var output = new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                points = await WriteAsync(session, request, output, cancel).ConfigureAwait(false);
                output.Flush(flushToDisk: true);
            }
            File.Move(aside, path, overwrite: true);
            return points;
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }

    private static async Task<long> WriteAsync(Session session, Wire.ScrollRequest request, Stream output, CancellationToken cancel)
    {
        long points = 0;
        await session.ReadAsync(Api.Scroll, request, new CallOptions(), frame =>
        {
            foreach (Wire.Point point in frame.Points)
            {
                RecordLines.Write(point, output);
                points++;
            }
        }, cancel).ConfigureAwait(false);
        return points;
    }
}
