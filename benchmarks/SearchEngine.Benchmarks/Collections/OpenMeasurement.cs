using System.Diagnostics;
using System.Globalization;
using SearchEngine.Benchmarks.Vectors;
using SearchEngine.Collections;
using SearchEngine.Collections.Documents;

namespace SearchEngine.Benchmarks.Collections;

/// <summary>
/// Has processes of their own open a large collection and ask it: as it was filled, and after histories of deletes. Each opens a clone, for
/// opening is the beginning of flushes and merges.
/// </summary>
internal sealed class OpenMeasurement(CollectionData data, DirectoryInfo work, JsonLines lines)
{
    public const string Name = "open";

    private static readonly string[] Rounds = [OpenLine.Dropped, OpenLine.Dropped, OpenLine.Warm, OpenLine.Populated];

    private readonly OpenStore _store = new(data, work);
    private readonly string _clone = Path.Combine(work.FullName, "open-clone");

    public static DocumentId FirstDocument => 0UL;

    public static CollectionSettings Settings { get; } = new()
    {
        FlushRows = 150_000,
        DiskReserveBytes = 0,
        UpkeepThreads = Environment.ProcessorCount,
        LinkThreads = Environment.ProcessorCount,
        FlushLogBytes = 4L << 30,
    };

    /// <param name="shares">Shares of the documents that are deleted after the collection was filled.</param>
    public async Task RunAsync(IReadOnlyList<double> shares, CancellationToken cancel)
    {
        long documents = await _store.FillAsync(cancel);
        foreach (string round in Rounds)
        {
            using var clone = new StoreClone(_store.Path, _clone);
            await MeasureAsync(clone.Path, OpenLine.Filled, documents, round, cancel);
        }
        foreach (OpenHistory history in shares.Count == 0 ? [] : shares.SelectMany(OpenHistory.Of).Append(OpenHistory.FullLog))
        {
            using var clone = new StoreClone(_store.Path, _clone);
            string left = await ChildAsync(HistoryCommand.Arguments(clone.Path, data, history), cancel);
            await MeasureAsync(clone.Path, history.ToString(), long.Parse(left, CultureInfo.InvariantCulture), OpenLine.Dropped, cancel);
        }
    }

    /// <param name="documents">Found before the process that wrote them ended.</param>
    private async Task MeasureAsync(string directory, string history, long documents, string round, CancellationToken cancel)
    {
        OpenLine line = await OpenAsync(directory, round == OpenLine.Dropped ? DropPageCache() : round, cancel);
        line = line with { History = history, Right = line.Right && line.Documents == documents };
        lines.Append(line);
        Console.WriteLine(
            $"open, {line.History}, page cache {line.PageCache}: {line.Documents:N0} documents in {line.Segments} segments, {line.DeadRows:N0} dead rows, log "
            + $"{line.LogBytes >> 20} MiB: open {line.OpenMillis:F0} ms, first answer {line.FirstAnswerMillis:F0} ms ({(line.Right ? "right" : "WRONG")}), "
            + $"recall {line.Recall:F3}, {line.SearchMicros:F0} us a search, memory {line.RssBytes / 1e6:F0} MB ({line.RssAnonBytes / 1e6:F0} of its own, "
            + $"of them {line.ManagedBytes / 1e6:F0} managed; {line.RssFileBytes / 1e6:F0} mapped), links and codes {line.WalkedBytes / 1e6:F0} MB, "
            + $"page cache of exact vectors {line.TruthBytes / 1e6:F0} MB");
    }

    private async Task<OpenLine> OpenAsync(string directory, string pageCache, CancellationToken cancel)
    {
        string rows = data.Rows.ToString(CultureInfo.InvariantCulture);
        return JsonLines.Parse<OpenLine>(
            await ChildAsync(["collection-open", "--data", directory, "--rows", rows, "--page-cache", pageCache], cancel));
    }

    private static async Task<string> ChildAsync(IEnumerable<string> arguments, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("The process did not start.");
        string output = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return output;
    }

    // Only root may; otherwise what was written a moment ago is still in memory, and the line says so.
    private static string DropPageCache()
    {
        try
        {
            File.WriteAllText("/proc/sys/vm/drop_caches", "1");
            return OpenLine.Dropped;
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            return OpenLine.Warm;
        }
    }
}
