using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using SearchEngine.Benchmarks.Vectors;
using SearchEngine.Collections;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Search;

namespace SearchEngine.Benchmarks.Collections;

/// <summary><c>collection-open</c>: opens the collection that `collection` has filled, searches it, prints one line of JSON. A process of
/// its own, because memory is that of a process.</summary>
internal static class OpenProbeCommand
{
    private const int Searches = 2000;
    private const int ExactSearches = 50;
    private const int Hits = 10;
    private const float Equal = 0.999f;

    private static readonly Option<DirectoryInfo> Data = new("--data") { Required = true };
    private static readonly Option<int> Rows = new("--rows") { Required = true };
    private static readonly Option<string> PageCache = new("--page-cache") { Required = true };

    public static Command Create()
    {
        var command = new Command("collection-open", "Opens what `collection --parts open` has filled.") { Data, Rows, PageCache };
        command.Hidden = true;
        command.SetAction((parsed, cancel) => Task.FromResult(Run(
            parsed.GetRequiredValue(Data).FullName, parsed.GetRequiredValue(Rows), parsed.GetRequiredValue(PageCache), cancel)));
        return command;
    }

    private static int Run(string directory, int rows, string pageCache, CancellationToken cancel)
    {
        long began = Stopwatch.GetTimestamp();
        using CollectionStore store = CollectionStore.Open(directory, _ => OpenMeasurement.Settings with
        {
            Residency = pageCache == OpenLine.Populated ? CodeResidency.Populated : CodeResidency.OnDemand,
        });
        Collection collection = store.Get(OpenMeasurement.Name);
        TimeSpan opened = Stopwatch.GetElapsedTime(began);
        // Its vector was kept outside: reading it here would warm what is measured.
        using SafeFileHandle file = File.OpenHandle(OpenStore.QueriesOf(directory));
        var queries = new KeptQueries(file, collection.Schema.Vectors[0].Dimension);
        var request = new SearchRequest { Query = queries.First(), Count = 1 };
        SearchResult first = collection.Search(request, cancel);
        TimeSpan answered = Stopwatch.GetElapsedTime(began);
        bool right = first.Hits is [{ Score: > Equal } hit] && (hit.Id == OpenMeasurement.FirstDocument || hit.Id == (DocumentId)(ulong)rows);

        Search(collection, queries, cancel);
        TimeSpan before = Environment.CpuUsage.TotalTime;
        Search(collection, queries, cancel);
        double micros = (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / Searches;
        CollectionStatistics statistics = collection.Describe();
        (long rss, long anonymous, long files) = Memory();
        long managed = GC.GetGCMemoryInfo().TotalCommittedBytes;
        Console.WriteLine(JsonLines.Format(new OpenLine(
            "open", OpenLine.Filled, pageCache, micros, statistics.Documents, statistics.DeadRows, statistics.Segments, statistics.LogBytes, opened.TotalMilliseconds,
            answered.TotalMilliseconds, right, Recall(collection, queries, cancel), rss, anonymous, managed, files,
            Resident(statistics, ".links", ".codes", ".signs"), Resident(statistics, ".truth"))));
        return 0;
    }

    private static void Search(Collection collection, KeptQueries queries, CancellationToken cancel)
    {
        for (int i = 0; i < Searches; i++)
        {
            collection.Search(new SearchRequest { Query = queries.Query(i), Count = Hits }, cancel);
        }
    }

    private static double Recall(Collection collection, KeptQueries queries, CancellationToken cancel)
    {
        int found = 0, possible = 0;
        for (int i = 0; i < ExactSearches; i++)
        {
            var request = new SearchRequest { Query = queries.Query(i), Count = Hits };
            float least = collection.Search(request with { Accuracy = Accuracy.Exact }, cancel).Hits[^1].Score;
            found += collection.Search(request, cancel).Hits.Count(h => h.Score >= least);
            possible += Hits;
        }
        return (double)found / possible;
    }

    private static long Resident(CollectionStatistics statistics, params string[] components) =>
        statistics.Sizes.Where(s => components.Any(c => s.Component.EndsWith(c, StringComparison.Ordinal))).Sum(s => s.Resident);

    private static (long Rss, long Anonymous, long Files) Memory()
    {
        string[] lines = File.ReadAllLines("/proc/self/status");
        return (Bytes("VmRSS:"), Bytes("RssAnon:"), Bytes("RssFile:"));

        long Bytes(string name) => 1024 * long.Parse(
            lines.First(l => l.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture);
    }
}
