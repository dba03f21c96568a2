using System.Diagnostics;
using SearchEngine.Benchmarks.Vectors;
using SearchEngine.Collections;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Writes;

namespace SearchEngine.Benchmarks.Collections;

/// <summary>Searches under a range of numbers beside the same searches by exact scan and without a filter, in a collection of several
/// segments and in one that was merged.</summary>
internal sealed class FilterMeasurement(CollectionData data, DirectoryInfo work, JsonLines lines)
{
    private const int Searches = 300;
    private static readonly double[] Shares = [0.0001, 0.001, 0.01, 0.03, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 0.9, 1];

    public async Task RunAsync(CancellationToken cancel)
    {
        string directory = Path.Combine(work.FullName, "filters");
        using var scratch = new ScratchDirectory(directory);
        int rows = data.Documents.Count;
        var settings = new CollectionSettings { FlushRows = rows / 3, DiskReserveBytes = 0 };
        using CollectionStore store = CollectionStore.Open(directory, _ => settings);
        Collection collection = store.Create("filters", data.Schema);
        const int Batch = 1_000;
        for (int first = 0; first < rows; first += Batch)
        {
            await collection.WriteAsync(
                [.. Enumerable.Range(first, Math.Min(Batch, rows - first)).Select(data.Put)], new WriteOptions(AckLevel.Memory), cancel);
        }
        await collection.FlushAsync(cancel);
        Measure(collection);
        await collection.OptimiseAsync(cancel: cancel);
        Measure(collection);
    }

    private void Measure(Collection collection)
    {
        foreach (double share in Shares)
        {
            // Searches pay for merges, so it may be fewer than there were.
            int segments = collection.Describe().Segments;
            var filter = new Filter
            {
                Must = [new Condition.Range("number", Below: AttributeValue.OfInteger((long)(share * data.Documents.Count)))],
            };
            var chosen = new SearchRequest { Query = default, Filter = filter };
            SearchRequest[] requests = [chosen, chosen with { Accuracy = Accuracy.Exact }, new SearchRequest { Query = default }];
            double[] micros = Medians(collection, requests, out SearchPlan plan);
            double ratio = micros[0] / Math.Min(micros[1], micros[2]);
            lines.Append(new
            {
                Type = "filter",
                Segments = segments,
                Share = share,
                plan.Matches,
                Strategy = plan.Strategy.ToString(),
                Micros = micros[0],
                ExactMicros = micros[1],
                UnfilteredMicros = micros[2],
                Ratio = ratio,
                plan.Scored,
                plan.Rescored,
            });
            Console.WriteLine(
                $"{segments} segments, filter {share,7:P2}: {micros[0],6:F0} us by {plan.Strategy}, exact {micros[1]:F0}, unfiltered {micros[2]:F0}, "
                + $"ratio to the better {ratio:F2} ({plan.Scored} scored, {plan.Rescored} rescored)");
        }
    }

    // In turns: what else the machine does hits each alike.
    private double[] Medians(Collection collection, SearchRequest[] requests, out SearchPlan plan)
    {
        List<double>[] micros = [.. requests.Select(static _ => new List<double>(Searches))];
        SearchResult[] last = new SearchResult[requests.Length];
        for (int i = 0; i < Searches; i++)
        {
            for (int r = 0; r < requests.Length; r++)
            {
                SearchRequest request = requests[r] with { Query = data.Query(i) };
                long began = Stopwatch.GetTimestamp();
                last[r] = collection.Search(request);
                micros[r].Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds);
            }
        }
        plan = last[0].Plan;
        return [.. micros.Select(static m => Percentiles.Of(m).P50)];
    }
}
