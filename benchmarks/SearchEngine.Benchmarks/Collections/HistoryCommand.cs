using System.CommandLine;
using System.Diagnostics;
using SearchEngine.Collections;
using SearchEngine.Collections.Writes;

namespace SearchEngine.Benchmarks.Collections;

/// <summary><c>collection-history</c>: gives a collection that `collection` has filled a history, says how many documents it has then, and
/// kills itself.</summary>
internal static class HistoryCommand
{
    private const int Batch = 2_000;

    private static readonly Option<DirectoryInfo> Data = new("--data") { Required = true };
    private static readonly Option<int> Rows = new("--rows") { Required = true };
    private static readonly Option<int> Dimension = new("--dim") { Required = true };
    private static readonly Option<string> Kind = new("--kind") { Required = true };
    private static readonly Option<string> Pattern = new("--pattern") { Required = true };
    private static readonly Option<double> Share = new("--share") { Required = true };

    /// <summary>The defaults, where they bound what is in the log.</summary>
    private static CollectionSettings Settings { get; } = OpenMeasurement.Settings with
    {
        FlushRows = new CollectionSettings().FlushRows,
        FlushLogBytes = new CollectionSettings().FlushLogBytes,
    };

    public static Command Create()
    {
        var command = new Command("collection-history", "Deletes or replaces documents of what `collection --parts open` has filled.")
        {
            Data, Rows, Dimension, Kind, Pattern, Share,
        };
        command.Hidden = true;
        command.SetAction(Run);
        return command;
    }

    public static IEnumerable<string> Arguments(string directory, CollectionData data, OpenHistory history) =>
    [
        "collection-history", "--data", directory, "--rows", $"{data.Rows}", "--dim", $"{data.Dimension}", "--kind", history.Kind, "--pattern",
        history.Pattern, "--share", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{history.Share}"),
    ];

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancel)
    {
        int rows = parsed.GetRequiredValue(Rows);
        var history = new OpenHistory(parsed.GetRequiredValue(Kind), parsed.GetRequiredValue(Pattern), parsed.GetRequiredValue(Share));
        using CollectionStore store = CollectionStore.Open(
            parsed.GetRequiredValue(Data).FullName, static _ => Settings);
        Collection collection = store.Get(OpenMeasurement.Name);
        switch (history.Kind)
        {
            case OpenHistory.Replaced:
                await ReplaceAsync(collection, new CollectionData(rows, parsed.GetRequiredValue(Dimension)), history, cancel);
                break;
            case OpenHistory.DeletedInLog:
                await UpkeepHold.TakeAsync(collection);
                await DeleteAsync(collection, history.Rows(rows), cancel);
                break;
            default:
                UpkeepHold hold = await UpkeepHold.TakeAsync(collection);
                await DeleteAsync(collection, history.Rows(rows), cancel);
                Task flush = collection.FlushAsync(cancel);
                await hold.ReleaseAsync();
                await flush;
                break;
        }
        Console.WriteLine(collection.DocumentCount);
        Process.GetCurrentProcess().Kill();
        return 1;
    }

    private static async Task DeleteAsync(Collection collection, IEnumerable<int> rows, CancellationToken cancel)
    {
        foreach (int[] batch in rows.Chunk(Batch))
        {
            await collection.WriteAsync([.. batch.Select(OpenHistory.Delete)], new WriteOptions(AckLevel.Logged), cancel);
        }
    }

    private static async Task ReplaceAsync(Collection collection, CollectionData data, OpenHistory history, CancellationToken cancel)
    {
        ulong durable = collection.Describe().DurableSequence;
        foreach (int[] batch in history.Rows(data.Rows).Chunk(Batch))
        {
            if ((int)(collection.Sequence - durable) + batch.Length >= collection.Settings.FlushRows)
            {
                return;
            }
            await collection.WriteAsync(data.Generate(batch[0], batch.Length), new WriteOptions(AckLevel.Logged), cancel);
        }
    }
}
