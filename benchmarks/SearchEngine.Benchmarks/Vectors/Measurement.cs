using System.Globalization;

namespace SearchEngine.Benchmarks.Vectors;

/// <summary>
/// Measures several systems in turns: a pass of each at every operating point, then the next round. What disturbs the
/// machine for a while then disturbs all of them, and ratios within one run stay meaningful.
/// </summary>
internal sealed class Measurement(IReadOnlyList<int> breadths, IReadOnlyList<double> margins, int threads, int passes)
{
    public static readonly double[] RecallLevels = [0.90, 0.95, 0.99];

    public IReadOnlyList<SearchLine> Run(IReadOnlyList<ISearchSystem> systems, JsonLines output)
    {
        var results = new Dictionary<(ISearchSystem System, OperatingPoint Point), List<PassResult>>();
        foreach (ISearchSystem system in systems)
        {
            // Warm-up: page tables, caches and tiered compilation; its time is not used.
            _ = system.Pass(new OperatingPoint(breadths[0], null), threads);
        }

        for (int pass = 0; pass < passes; pass++)
        {
            foreach (OperatingPoint point in Points())
            {
                foreach (ISearchSystem system in systems)
                {
                    if (point.Margin is null || system.HasAdaptiveStop)
                    {
                        var key = (system, point);
                        results.TryAdd(key, []);
                        results[key].Add(system.Pass(point, threads));
                    }
                }
            }
        }

        var lines = new List<SearchLine>();
        foreach (((ISearchSystem system, OperatingPoint point), List<PassResult> runs) in results)
        {
            lines.Add(Summarise(system, point, runs));
        }

        lines.ForEach(output.Append);
        return lines;
    }

    /// <summary>
    /// Throughput at a recall, linear in (log(1 - recall), log QPS) between the two neighbouring points that no other point
    /// beats in both; null when the curve does not reach it.
    /// </summary>
    public static double? ThroughputAt(double recall, IEnumerable<SearchLine> curve)
    {
        SearchLine? above = null;
        foreach (SearchLine point in curve.OrderByDescending(p => p.Recall10).ThenByDescending(p => p.QpsMedian))
        {
            if (above is not null && point.QpsMedian <= above.QpsMedian)
            {
                continue;
            }

            if (point.Recall10 <= recall)
            {
                return above is null ? (point.Recall10 == recall ? point.QpsMedian : null) : Interpolate(recall, point, above);
            }

            above = point;
        }

        return null;
    }

    /// <summary>A table of throughput at the usual recalls and its ratio to the first system's.</summary>
    public static void PrintTable(IReadOnlyList<SearchLine> lines, string? reference)
    {
        var curves = lines.GroupBy(l => (l.System, l.Config, Kind: l.Margin is null ? string.Empty : " +adaptive stop")).ToList();
        var against = curves.FirstOrDefault(c => c.Key.System == reference);
        Console.WriteLine($"{"system",-60} {string.Join(' ', RecallLevels.Select(r => $"{$"QPS@{r:F2}",16}"))}");
        foreach (var curve in curves)
        {
            Console.Write($"{curve.Key.System + " " + curve.Key.Config + curve.Key.Kind,-60}");
            foreach (double level in RecallLevels)
            {
                double? qps = ThroughputAt(level, curve);
                double? basis = against is null ? null : ThroughputAt(level, against);
                string ratio = qps / basis is { } r ? string.Create(CultureInfo.InvariantCulture, $" {r,5:F2}x") : "       ";
                Console.Write(string.Create(CultureInfo.InvariantCulture, $" {qps?.ToString("F0", CultureInfo.InvariantCulture) ?? "-",9}") + ratio);
            }

            Console.WriteLine();
        }
    }

    private static double Interpolate(double recall, SearchLine below, SearchLine above)
    {
        double from = Error(below.Recall10), to = Error(above.Recall10);
        double share = from == to ? 0 : (Error(recall) - from) / (to - from);
        return Math.Exp((Math.Log(below.QpsMedian) * (1 - share)) + (Math.Log(above.QpsMedian) * share));
    }

    private static double Error(double recall) => Math.Log(Math.Max(1e-6, 1 - recall));

    private IEnumerable<OperatingPoint> Points() => breadths
        .Select(b => new OperatingPoint(b, null))
        .Concat(margins.SelectMany(_ => breadths, (m, b) => new OperatingPoint(b, m)));

    private SearchLine Summarise(ISearchSystem system, OperatingPoint point, List<PassResult> runs)
    {
        double[] qps = [.. runs.Select(r => r.Qps).Order()];
        PassResult median = runs.OrderBy(r => r.Qps).ElementAt(runs.Count / 2);
        double middle = qps.Length % 2 == 1 ? qps[qps.Length / 2] : (qps[(qps.Length / 2) - 1] + qps[qps.Length / 2]) / 2;
        return new SearchLine(
            "search", system.Build.System, system.Build.Config, point.Breadth, threads, Math.Round(median.Recall10, 5),
            Math.Round(qps[^1], 1), Math.Round(middle, 1), Math.Round(median.P50Us, 1), Math.Round(median.P99Us, 1),
            Math.Round(median.Scored, 1), Math.Round(median.Hops, 1), point.Margin);
    }
}
