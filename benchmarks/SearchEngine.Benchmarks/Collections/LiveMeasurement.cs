using System.Diagnostics;
using SearchEngine.Benchmarks.Vectors;
using SearchEngine.Collections;
using SearchEngine.Collections.Search;

namespace SearchEngine.Benchmarks.Collections;

/// <summary>What documents that were written a moment ago cost searches: the same searches as more and more of them lie in the live
/// segment beside one that was flushed.</summary>
internal sealed class LiveMeasurement(CollectionData data, DirectoryInfo work, JsonLines lines)
{
    private const int Searches = 1_000;
    private static readonly int[] LiveDocuments = [0, 250, 500, 1_000, 2_000, 3_000, 4_000, 5_000, 8_000, 16_000];
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    public async Task RunAsync(CancellationToken cancel)
    {
        string directory = Path.Combine(work.FullName, "live");
        using var scratch = new ScratchDirectory(directory);
        int rows = data.Documents.Count;
        var settings = new CollectionSettings { FlushRows = 2 * rows, DiskReserveBytes = 0 };
        using CollectionStore store = CollectionStore.Open(directory, _ => settings);
        Collection collection = store.Create("live", data.Schema);
        await data.WriteAsync(collection, 0, rows, cancel);
        await collection.FlushAsync(cancel);
        int written = 0;
        foreach (int live in LiveDocuments.Where(live => live <= rows))
        {
            await data.WriteAsync(collection, rows + written, live - written, cancel);
            written = live;
            double waiting = Median(collection);
            await LinkedAsync(collection, cancel);
            double linked = Median(collection);
            lines.Append(new { Type = "live", Documents = live, Micros = linked, MicrosAtOnce = waiting });
            Console.WriteLine($"{live,6} live documents: {linked,6:F0} us a search, {waiting,6:F0} us right after they were written");
        }
    }

    // Below the number of rows that a graph begins with, rows are never linked: then the number stops falling.
    private static async Task LinkedAsync(Collection collection, CancellationToken cancel)
    {
        const int StillAfter = 25;
        long waiting = long.MaxValue;
        for (int still = 0; still < StillAfter; still++)
        {
            long now = collection.Describe().Unindexed;
            still = now < waiting ? 0 : still;
            waiting = now;
            await Task.Delay(Poll, cancel);
        }
    }

    private double Median(Collection collection)
    {
        var micros = new List<double>(Searches);
        for (int i = 0; i < Searches; i++)
        {
            long began = Stopwatch.GetTimestamp();
            collection.Search(new SearchRequest { Query = data.Query(i) });
            micros.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds);
        }
        return Percentiles.Of(micros).P50;
    }
}
