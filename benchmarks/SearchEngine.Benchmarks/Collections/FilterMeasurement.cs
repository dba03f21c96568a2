using System.Diagnostics;
using SearchEngine.Benchmarks.Vectors;
using SearchEngine.Collections;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Search;

namespace SearchEngine.Benchmarks.Collections;

/// <summary>Searches under a range of numbers beside the same searches by exact scan and without a filter, in a collection of several
/// segments and in one that was merged.</summary>
internal sealed class FilterMeasurement(CollectionData data, DirectoryInfo work, JsonLines lines)
{
    private const int Searches = 1_000;
    private static readonly double[] Shares = [0.0001, 0.001, 0.01, 0.03, 0.05, 0.1, 0.15, 0.18, 0.2, 0.22, 0.25, 0.3, 0.5, 0.7, 0.9, 1];
    private static readonly TimeSpan TimeToWarm = TimeSpan.FromSeconds(3);

    public async Task RunAsync(CancellationToken cancel)
    {
        string directory = Path.Combine(work.FullName, "filters");
        using var scratch = new ScratchDirectory(directory);
        int rows = data.Documents.Count;
        var settings = new CollectionSettings { FlushRows = rows / 3, DiskReserveBytes = 0 };
        using CollectionStore store = CollectionStore.Open(directory, _ => settings);
        Collection collection = store.Create("filters", data.Schema);
        await data.WriteAsync(collection, 0, rows, cancel);
        await collection.FlushAsync(cancel);
        Warm(collection);
        Measure(collection);
        await collection.OptimiseAsync(cancel: cancel);
        Measure(collection);
    }

    // Until all code that is measured is compiled as it stays: a server runs for longer than a benchmark (at 4,000 rows filters seemed to cost 9 us
    // instead of 4 before, 2026-11-26).
    private void Warm(Collection collection)
    {
        for (long began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < TimeToWarm;)
        {
            foreach (double share in Shares)
            {
                SearchRequest chosen = Within(share);
                InTurns(collection, chosen, new SearchRequest { Query = default });
                Time(collection, chosen with { Accuracy = Accuracy.Exact }, 0);
            }
        }
    }

    private SearchRequest Within(double share) => new()
    {
        Query = default,
        Filter = new Filter
        {
            Must = [new Condition.Range("number", Below: AttributeValue.OfInteger((long)(share * data.Documents.Count)))],
        },
    };

    private void Measure(Collection collection)
    {
        foreach (double share in Shares)
        {
            // Searches pay for merges, so it may be fewer than there were.
            int segments = collection.Describe().Segments;
            SearchRequest chosen = Within(share);
            (double micros, double unfiltered) = InTurns(collection, chosen, new SearchRequest { Query = default });
            double exact = Percentiles.Of(Enumerable.Range(0, Searches).Select(i => Time(collection, chosen with { Accuracy = Accuracy.Exact }, i)).ToList()).P50;
            SearchPlan plan = collection.Search(chosen with { Query = data.Query(0) }).Plan;
            double ratio = micros / Math.Min(exact, unfiltered);
            lines.Append(new
            {
                Type = "filter",
                Segments = segments,
                Share = share,
                plan.Matches,
                Strategy = plan.Strategy.ToString(),
                Micros = micros,
                ExactMicros = exact,
                UnfilteredMicros = unfiltered,
                Ratio = ratio,
                plan.Scored,
                plan.Rescored,
            });
            Console.WriteLine(
                $"{segments} segments, filter {share,7:P2}: {micros,6:F0} us by {plan.Strategy}, exact {exact:F0}, unfiltered {unfiltered:F0}, "
                + $"ratio to the better {ratio:F2} ({plan.Scored} scored, {plan.Rescored} rescored)");
        }
    }

    // In turns, each as often first: what else the machine does, and what the one before leaves in the caches, hits both alike. Exact scans
    // are kept apart, since they leave nothing there.
    private (double First, double Second) InTurns(Collection collection, SearchRequest first, SearchRequest second)
    {
        var micros = (First: new List<double>(Searches), Second: new List<double>(Searches));
        for (int i = 0; i < Searches; i++)
        {
            if (i % 2 == 0)
            {
                micros.First.Add(Time(collection, first, i));
                micros.Second.Add(Time(collection, second, i));
            }
            else
            {
                micros.Second.Add(Time(collection, second, i));
                micros.First.Add(Time(collection, first, i));
            }
        }
        return (Percentiles.Of(micros.First).P50, Percentiles.Of(micros.Second).P50);
    }

    private double Time(Collection collection, SearchRequest request, int query)
    {
        SearchRequest asked = request with { Query = data.Query(query) };
        long began = Stopwatch.GetTimestamp();
        collection.Search(asked);
        return Stopwatch.GetElapsedTime(began).TotalMicroseconds;
    }
}
