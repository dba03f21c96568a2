using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using SearchEngine.Benchmarks.Vectors;
using SearchEngine.Collections;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Writes;

namespace SearchEngine.Benchmarks.Collections;

/// <summary>
/// Fills a large collection with a history of deletes and a log tail, then has processes of their own open it and ask it. Documents are
/// generated as they are written, so that what is held is what the collection holds.
/// </summary>
internal sealed class OpenMeasurement(CollectionData data, DirectoryInfo work, JsonLines lines)
{
    public const string Name = "open";

    private static readonly string[] Rounds = [OpenLine.Dropped, OpenLine.Dropped, OpenLine.Warm, OpenLine.Populated];

    private const int Batch = 2_000;
    private const int DeletedOf = 10;
    private const string QueryFile = "queries";

    // Least first: what is measured at a small size is the same thing, with several segments.
    private readonly int _tail = Math.Min(20_000, data.Rows / 50 / Batch * Batch + Batch);

    public static DocumentId FirstDocument => 0UL;

    public static string QueriesOf(string directory) => Path.Combine(directory, QueryFile);

    public static CollectionSettings Settings { get; } = new()
    {
        FlushRows = 150_000,
        DiskReserveBytes = 0,
        UpkeepThreads = Environment.ProcessorCount,
        LinkThreads = Environment.ProcessorCount,
        FlushLogBytes = 4L << 30,
    };

    public async Task RunAsync(CancellationToken cancel)
    {
        string directory = Path.Combine(work.FullName, "open");
        using var scratch = new ScratchDirectory(directory);
        long began = Stopwatch.GetTimestamp();
        await FillAsync(directory, cancel);
        Console.WriteLine($"filled with {data.Rows:N0} documents in {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s");
        foreach (string round in Rounds)
        {
            OpenLine line = await OpenAsync(directory, round == OpenLine.Dropped ? DropPageCache() : round, cancel);
            lines.Append(line);
            Console.WriteLine(
                $"open, page cache {line.PageCache}: {line.Documents:N0} documents in {line.Segments} segments, {line.DeadRows:N0} dead rows, log "
                + $"{line.LogBytes >> 20} MiB: open {line.OpenMillis:F0} ms, first answer {line.FirstAnswerMillis:F0} ms ({(line.Right ? "right" : "WRONG")}), "
                + $"recall {line.Recall:F3}, {line.SearchMicros:F0} us a search, memory {line.RssBytes / 1e6:F0} MB ({line.RssAnonBytes / 1e6:F0} of its own, "
                + $"of them {line.ManagedBytes / 1e6:F0} managed; {line.RssFileBytes / 1e6:F0} mapped), links and codes {line.WalkedBytes / 1e6:F0} MB, "
                + $"page cache of exact vectors {line.TruthBytes / 1e6:F0} MB");
        }
    }

    private async Task<OpenLine> OpenAsync(string directory, string pageCache, CancellationToken cancel)
    {
        string rows = data.Rows.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(
            Environment.ProcessPath!, ["collection-open", "--data", directory, "--rows", rows, "--page-cache", pageCache])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("The process did not start.");
        string output = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return JsonLines.Parse<OpenLine>(output);
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

    private async Task FillAsync(string directory, CancellationToken cancel)
    {
        using CollectionStore store = CollectionStore.Open(directory, static _ => Settings);
        Collection collection = store.Create(Name, data.Schema);
        for (int first = 0; first < data.Rows; first += Batch)
        {
            await WriteAsync(collection, data.Generate(first, Math.Min(Batch, data.Rows - first)), cancel);
        }
        // A tenth is deleted, a little is replaced; the rest stays in the log.
        foreach (int[] deletes in Enumerable.Range(0, data.Rows / DeletedOf).Select(static i => DeletedOf * i + 5).Chunk(Batch))
        {
            await WriteAsync(collection, [.. deletes.Select(static row => new WriteOperation.Delete((ulong)row))], cancel);
        }
        await collection.FlushAsync(cancel);
        WriteOperation[] replaced = data.Generate(0, Math.Min(Batch, data.Rows));
        await WriteAsync(collection, replaced, cancel);
        for (int first = data.Rows; first < data.Rows + _tail; first += Batch)
        {
            await WriteAsync(collection, data.Generate(first, Batch), cancel);
        }
        WriteQueries(directory, ((WriteOperation.Put)replaced[0]).Document.Vectors.Values.Single().Span);
    }

    // The vector of the first document, then the queries of the set: kept outside, since whoever measures memory is not to make them.
    private void WriteQueries(string directory, ReadOnlySpan<float> first)
    {
        using FileStream file = File.Create(QueriesOf(directory));
        file.Write(MemoryMarshal.AsBytes(first));
        file.Write(MemoryMarshal.AsBytes<float>(data.Queries.Values));
    }

    private static Task<WriteReport> WriteAsync(Collection collection, IReadOnlyList<WriteOperation> batch, CancellationToken cancel) =>
        collection.WriteAsync(batch, new WriteOptions(AckLevel.Memory), cancel);
}
