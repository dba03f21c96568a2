using System.Diagnostics;
using SearchEngine.Benchmarks.Vectors;
using SearchEngine.Collections;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Writes;

namespace SearchEngine.Benchmarks.Collections;

/// <summary>Opens a large collection with a history of deletes, and a log tail, and asks it a question.</summary>
internal sealed class OpenMeasurement(CollectionData data, DirectoryInfo work, JsonLines lines)
{
    private const int TailRows = 20_000;

    public async Task RunAsync(CancellationToken cancel)
    {
        string directory = Path.Combine(work.FullName, "open");
        using var scratch = new ScratchDirectory(directory);
        var settings = new CollectionSettings
        {
            FlushRows = 200_000,
            DiskReserveBytes = 0,
            UpkeepThreads = Environment.ProcessorCount,
            FlushLogBytes = 4L << 30,
        };
        await FillAsync(directory, settings, cancel);
        for (int round = 0; round < 3; round++)
        {
            string cache = round == 0 ? DropPageCache() : "warm";
            long began = Stopwatch.GetTimestamp();
            using CollectionStore store = CollectionStore.Open(directory, _ => settings);
            Collection collection = store.Get("open");
            TimeSpan opened = Stopwatch.GetElapsedTime(began);
            // The document that was written last and its vector: its own nearest neighbour.
            SearchResult first = collection.Search(new SearchRequest { Query = data.Documents.Values.AsMemory(0, data.Dimension), Count = 1 }, cancel);
            TimeSpan answered = Stopwatch.GetElapsedTime(began);
            bool right = first.Hits.Count == 1 && first.Hits[0].Score > 0.999f;
            for (int i = 0; i < 2000; i++)
            {
                collection.Search(new SearchRequest { Query = data.Query(i) }, cancel);
            }
            CollectionStatistics statistics = collection.Describe();
            long walked = Resident(statistics, ".links", ".codes", ".signs");
            long truth = Resident(statistics, ".truth");
            lines.Append(new
            {
                Type = "open",
                Round = round,
                PageCache = cache,
                statistics.Documents,
                statistics.DeadRows,
                statistics.LogBytes,
                OpenMillis = opened.TotalMilliseconds,
                FirstAnswerMillis = answered.TotalMilliseconds,
                Right = right,
                WalkedBytes = walked,
                TruthBytes = truth,
                statistics.Sizes,
            });
            Console.WriteLine(
                $"open, page cache {cache}: {statistics.Documents:N0} documents, {statistics.DeadRows:N0} dead rows, log {statistics.LogBytes >> 20} MiB: "
                + $"open {opened.TotalMilliseconds:F0} ms, first answer {answered.TotalMilliseconds:F0} ms ({(right ? "right" : "WRONG")}), "
                + $"links and codes resident {walked >> 20} MiB, truth {truth >> 20} MiB");
        }
    }

    private static long Resident(CollectionStatistics statistics, params string[] components) =>
        statistics.Sizes.Where(s => components.Any(c => s.Component.EndsWith(c, StringComparison.Ordinal))).Sum(s => s.Resident);

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

    private async Task FillAsync(string directory, CollectionSettings settings, CancellationToken cancel)
    {
        using CollectionStore store = CollectionStore.Open(directory, _ => settings);
        Collection collection = store.Create("open", data.Schema);
        for (int first = 0; first < data.Documents.Count; first += 4000)
        {
            int count = Math.Min(4000, data.Documents.Count - first);
            await collection.WriteAsync([.. Enumerable.Range(first, count).Select(data.Put)], new WriteOptions(AckLevel.Memory), cancel);
        }
        // A tenth is deleted, a little is replaced.
        foreach (int[] deletes in Enumerable.Range(0, data.Documents.Count / 10).Select(i => 10 * i + 5).Chunk(4000))
        {
            WriteOperation[] batch = [.. deletes.Select(row => new WriteOperation.Delete(new DocumentId((ulong)row)))];
            await collection.WriteAsync(batch, new WriteOptions(AckLevel.Memory), cancel);
        }
        await collection.FlushAsync(cancel);
        await collection.WriteAsync([.. Enumerable.Range(0, 4000).Select(i => data.Put(i))], cancel: cancel);
        for (int first = data.Documents.Count; first < data.Documents.Count + TailRows; first += 4000)
        {
            await collection.WriteAsync([.. Enumerable.Range(first, 4000).Select(data.Put)], cancel: cancel);
        }
    }
}
