using System.CommandLine;
using System.Globalization;
using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors;

namespace SearchEngine.Benchmarks.Vectors;

/// <summary>
/// <c>filters</c>: over the grid of selectivities, the time of the chosen plan against an exact scan of the accepted rows and
/// the unfiltered walk, whichever is less; 1.5 times that is the limit we set ourselves.
/// </summary>
internal static class FiltersCommand
{
    private static readonly Option<FileInfo?> Base = new("--base") { Description = "Rows, .fbin; generated when not given." };
    private static readonly Option<FileInfo?> Queries = new("--queries") { Description = "Queries, .fbin; with --base." };
    private static readonly Option<int> Rows = new("--rows") { Description = "Generated rows.", DefaultValueFactory = _ => 100_000 };
    private static readonly Option<int> Dim = new("--dim") { Description = "Their dimension.", DefaultValueFactory = _ => 128 };
    private static readonly Option<int> QueryCount = new("--query-count") { Description = "Queries.", DefaultValueFactory = _ => 200 };
    private static readonly Option<string?> Tier = new("--tier") { Description = "code, prefilter or sign; else the segment's own." };

    private static readonly Option<int> Breadth = new("--breadth")
    {
        Description = "Breadth of the fixed walk.",
        DefaultValueFactory = _ => 100,
    };

    private static readonly Option<double> Target = new("--target")
    {
        Description = "Recall of the adaptive walk.",
        DefaultValueFactory = _ => 0.95,
    };

    private static readonly Option<double[]> Shares = new("--shares")
    {
        Description = "Shares of accepted rows.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [1, 0.99, 0.9, 0.5, 0.25, 0.1, 0.05, 0.02, 0.01, 0.003, 0.001, 0.0003],
    };

    private static readonly Option<string[]> Correlations = new("--correlations")
    {
        Description = "random, near the query, far from it.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => ["random"],
    };

    public static Command Create()
    {
        Correlations.AcceptOnlyFromAmong("random", "near", "far");
        var command = new Command("filters", "Measures the plan of filtered searches against its alternatives.")
        {
            Base, Queries, Rows, Dim, QueryCount, Tier, Breadth, Target, Shares, Correlations,
            AnnOptions.K, AnnOptions.Passes, AnnOptions.BuildThreads, AnnOptions.Json,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        (FloatMatrix rows, FloatMatrix queries) = Load(parsed);
        using VectorSegment segment = VectorSegment.Build(
            new FloatRowSource(rows.Values, rows.Dim), new SegmentOptions { Threads = parsed.GetRequiredValue(AnnOptions.BuildThreads) });
        int k = parsed.GetRequiredValue(AnnOptions.K);
        var output = new JsonLines(parsed.GetRequiredValue(AnnOptions.Json));
        var measurement = new FilterMeasurement(segment, queries, k, parsed.GetRequiredValue(AnnOptions.Passes));
        var orders = new Lazy<uint[][]>(() => FilterCase.Orders(segment, queries));
        WalkTier? tier = parsed.GetValue(Tier) is string named ? AnnCommand.ParseTier(named) : null;
        double target = parsed.GetRequiredValue(Target);
        (string Name, SearchOptions Options)[] accuracies =
        [
            ($"breadth {parsed.GetRequiredValue(Breadth)}", new SearchOptions { Breadth = parsed.GetRequiredValue(Breadth), Tier = tier }),
            (string.Create(CultureInfo.InvariantCulture, $"target {target}"), new SearchOptions { TargetRecall = (float)target, Tier = tier }),
        ];
        Console.WriteLine($"{segment.Count} x {segment.Dimension}, {tier ?? segment.Parts.Tier}, k {k}, {queries.Count} queries");
        Console.WriteLine(
            "accuracy      filter    share     plan us   scan us   walk us  cross us collct us  ratio  recall  walk r cross r collct r scan r  scored  strategy");
        foreach (string correlation in parsed.GetRequiredValue(Correlations))
        {
            foreach (double share in parsed.GetRequiredValue(Shares))
            {
                FilterCase filter = FilterCase.Draw(segment, queries, correlation, share, k, orders);
                foreach ((string name, SearchOptions options) in accuracies)
                {
                    FilterLine line = measurement.Run(filter, name, options);
                    output.Append(line);
                    Print(line);
                }
            }
        }

        return 0;
    }

    private static (FloatMatrix Rows, FloatMatrix Queries) Load(ParseResult parsed)
    {
        int count = parsed.GetRequiredValue(QueryCount);
        if (parsed.GetValue(Base) is FileInfo file)
        {
            FileInfo queries = parsed.GetValue(Queries) ?? throw new ArgumentException("--base without --queries: nothing to ask.");
            FloatMatrix all = MatrixFile.ReadFloats(queries.FullName);
            int used = Math.Min(count, all.Count);
            return (MatrixFile.ReadFloats(file.FullName), new FloatMatrix(all.Values[..(used * all.Dim)], used, all.Dim));
        }

        int rows = parsed.GetRequiredValue(Rows), dim = parsed.GetRequiredValue(Dim);
        var generator = new EmbeddingGenerator(new EmbeddingRecipe
        {
            Name = "filters",
            Count = rows,
            Dim = dim,
            Latent = Math.Min(dim, dim >= 384 ? 96 : 48),
            Topics = Math.Max(1, rows / 100),
            QueryCount = count,
        });
        return (generator.Documents(), generator.Queries());
    }

    private static void Print(FilterLine l) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{l.Accuracy,-12} {l.Correlation,-7} {l.Share,8:P2} {l.PlanUs,10:F1} {l.ScanUs,9:F1} {l.WalkUs,9:F1} {l.CrossUs,9:F1} {l.CollectUs,9:F1}"
        + $"  {l.Ratio,5:F2}  {l.Recall,6:F4}  {l.WalkRecall,6:F4} {l.CrossRecall,6:F4}  {l.CollectRecall,6:F4} {l.ScanRecall,6:F4} {l.Scored,7:F0}"
        + $"  {l.Strategy} ({l.CrossStarved:P0}/{l.CollectStarved:P0} starved)"));
}
