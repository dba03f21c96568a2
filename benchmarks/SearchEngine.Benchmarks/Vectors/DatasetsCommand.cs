using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using SearchEngine.Testing.Vectors;

namespace SearchEngine.Benchmarks.Vectors;

/// <summary>
/// <c>datasets</c>: generates a seeded synthetic set with its exact truth. The recipe stands in benchmarks/README.md.
/// </summary>
internal static class DatasetsCommand
{
    private const int TruthWidth = 100;

    private static readonly Option<string> Name = new("--name")
    {
        Description = $"One of {string.Join(", ", EmbeddingRecipe.Names)}.",
        Required = true,
    };

    private static readonly Option<DirectoryInfo> Out = new("--out")
    {
        Description = "Directory for NAME.base.fbin, NAME.query.fbin, NAME.gt.ibin and NAME.gtsim.fbin.",
        Required = true,
    };

    private static readonly Option<string?> As = new("--as") { Description = "File name instead of NAME, for variants." };
    private static readonly Option<ulong?> Seed = new("--seed") { Description = "Another seed draws another set." };
    private static readonly Option<int?> Count = new("--count") { Description = "Rows instead of the set's own number." };
    private static readonly Option<double?> Mean = new("--mean") { Description = "Length of the common offset (0, 0.45, 0.7)." };

    private static readonly Option<double?> QuerySpread = new("--query-spread")
    {
        Description = "Distance of queries from documents: 0.4 in distribution, 0.7, 1.0 far out.",
    };

    private static readonly Option<int?> Outliers = new("--outliers") { Description = "Dimensions scaled by 20 before normalising." };

    private static readonly Option<double?> Lengths = new("--length-deviation")
    {
        Description = "Log-normal lengths instead of unit vectors, for the dot product.",
    };

    private static readonly Option<double?> Duplicates = new("--duplicates") { Description = "Share of exact copies, such as 0.3." };

    public static Command Create()
    {
        var command = new Command("datasets", "Generates a seeded synthetic set with exact truth.")
        {
            Name, Out, As, Seed, Count, Mean, QuerySpread, Outliers, Lengths, Duplicates, AnnOptions.Metric,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string name = parsed.GetRequiredValue(Name);
        EmbeddingRecipe? named = EmbeddingRecipe.Named(name);
        if (named is null)
        {
            Console.Error.WriteLine($"There is no set {name}; there are {string.Join(", ", EmbeddingRecipe.Names)}.");
            return 1;
        }

        EmbeddingRecipe recipe = named with
        {
            Name = parsed.GetValue(As) ?? name,
            Seed = parsed.GetValue(Seed) ?? named.Seed,
            Count = parsed.GetValue(Count) ?? named.Count,
            Mean = parsed.GetValue(Mean) ?? named.Mean,
            QuerySpread = parsed.GetValue(QuerySpread) ?? named.QuerySpread,
            OutlierDimensions = parsed.GetValue(Outliers) ?? named.OutlierDimensions,
            LengthDeviation = parsed.GetValue(Lengths) ?? named.LengthDeviation,
            DuplicateShare = parsed.GetValue(Duplicates) ?? named.DuplicateShare,
        };
        Generate(recipe, AnnOptions.ToOracle(parsed.GetRequiredValue(AnnOptions.Metric)), parsed.GetRequiredValue(Out));
        return 0;
    }

    private static void Generate(EmbeddingRecipe recipe, OracleMetric metric, DirectoryInfo directory)
    {
        directory.Create();
        string stem = Path.Combine(directory.FullName, recipe.Name);
        long started = Stopwatch.GetTimestamp();
        var generator = new EmbeddingGenerator(recipe);
        FloatMatrix documents = generator.Documents();
        FloatMatrix queries = generator.Queries();
        MatrixFile.WriteFloats(stem + ".base.fbin", documents);
        MatrixFile.WriteFloats(stem + ".query.fbin", queries);
        Report($"{documents.Count} rows and {queries.Count} queries of {documents.Dim} dimensions", started);
        started = Stopwatch.GetTimestamp();
        var (ids, scores) = ExactSearch.Run(documents, queries, metric, TruthWidth);
        MatrixFile.WriteIds(stem + ".gt.ibin", ids);
        MatrixFile.WriteFloats(stem + ".gtsim.fbin", scores);
        Report($"exact best {ids.Width} of every query", started);
        Console.WriteLine($"base first {Four(documents.Row(0))} last {Four(documents.Row(documents.Count - 1))}");
        Console.WriteLine($"query first {Four(queries.Row(0))} truth of query 0: {string.Join(' ', ids.Row(0)[..10].ToArray())}");
    }

    private static void Report(string what, long started) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{what}: {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s"));

    private static string Four(ReadOnlySpan<float> row) =>
        string.Join(' ', row[..Math.Min(4, row.Length)].ToArray().Select(x => x.ToString("F8", CultureInfo.InvariantCulture)));
}
