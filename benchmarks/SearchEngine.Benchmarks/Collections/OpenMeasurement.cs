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

    private const int Rounds = 3;
    private const int Batch = 2_000;
    private const int DeletedOf = 10;
    private const string QueryFile = "first-query";

    // Least first: what is measured at a small size is the same thing, with several segments.
    private readonly int _tail = Math.Min(20_000, data.Rows / 50 / Batch * Batch + Batch);

    public static DocumentId FirstDocument => 0UL;

    public static CollectionSettings Settings { get; } = new()
    {
        FlushRows = 150_000,
        DiskReserveBytes = 0,
        UpkeepThreads = Environment.ProcessorCount,
        LinkThreads = Environment.ProcessorCount,
        FlushLogBytes = 4L << 30,
    };

    public static ReadOnlyMemory<float> ReadFirstQuery(string directory, int dimension)
    {
        var query = new float[dimension];
        File.ReadAllBytes(Path.Combine(directory, QueryFile)).CopyTo(MemoryMarshal.AsBytes(query.AsSpan()));
        return query;
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        string directory = Path.Combine(work.FullName, "open");
        using var scratch = new ScratchDirectory(directory);
        long began = Stopwatch.GetTimestamp();
        await FillAsync(directory, cancel);
        Console.WriteLine($"filled with {data.Rows:N0} documents in {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s");
        for (int round = 0; round < Rounds; round++)
        {
            OpenLine line = await OpenAsync(directory, round == Rounds - 1 ? "warm" : DropPageCache(), cancel);
            lines.Append(line);
            Console.WriteLine(
                $"open, page cache {line.PageCache}: {line.Documents:N0} documents in {line.Segments} segments, {line.DeadRows:N0} dead rows, log "
                + $"{line.LogBytes >> 20} MiB: open {line.OpenMillis:F0} ms, first answer {line.FirstAnswerMillis:F0} ms ({(line.Right ? "right" : "WRONG")}), "
                + $"recall {line.Recall:F3}, memory {line.RssBytes >> 20} MiB ({line.RssAnonBytes >> 20} of its own, {line.RssFileBytes >> 20} mapped), "
                + $"links and codes {line.WalkedBytes >> 20} MiB, truth {line.TruthBytes >> 20} MiB");
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
            return "dropped";
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            return "warm";
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
        ReadOnlyMemory<float> query = ((WriteOperation.Put)replaced[0]).Document.Vectors.Values.Single();
        await File.WriteAllBytesAsync(Path.Combine(directory, QueryFile), MemoryMarshal.AsBytes(query.Span).ToArray(), cancel);
    }

    private static Task<WriteReport> WriteAsync(Collection collection, IReadOnlyList<WriteOperation> batch, CancellationToken cancel) =>
        collection.WriteAsync(batch, new WriteOptions(AckLevel.Memory), cancel);
}
