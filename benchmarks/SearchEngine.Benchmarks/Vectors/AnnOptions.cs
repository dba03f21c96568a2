using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using SearchEngine.Testing.Vectors;

namespace SearchEngine.Benchmarks.Vectors;

/// <summary>Options that the vector commands share. Their names are a contract: scripts use them.</summary>
internal static class AnnOptions
{
    public static readonly Option<FileInfo> Base = new("--base") { Description = "Rows, .fbin.", Required = true };
    public static readonly Option<FileInfo> Queries = new("--queries") { Description = "Queries, .fbin.", Required = true };
    public static readonly Option<FileInfo> Truth = new("--truth") { Description = "Exact answers, .ibin.", Required = true };
    public static readonly Option<int> Links = new("--m") { Description = "Max links (M).", DefaultValueFactory = _ => 16 };
    public static readonly Option<int> BuildBreadth = new("--efc") { Description = "Build breadth.", DefaultValueFactory = _ => 200 };
    public static readonly Option<int> Threads = new("--threads") { Description = "Search threads.", DefaultValueFactory = _ => 1 };
    public static readonly Option<int> K = new("--k") { Description = "Hits per query.", DefaultValueFactory = _ => 10 };
    public static readonly Option<int> Passes = new("--passes") { Description = "Passes, at least 3.", DefaultValueFactory = _ => 3 };
    public static readonly Option<FileInfo> Json = new("--json") { Description = "File to append lines to.", Required = true };

    public static readonly Option<int?> PrefixDim = new("--prefix-dim") { Description = "Matryoshka prefix that the walk reads." };

    public static readonly Option<int> BuildThreads = new("--build-threads")
    {
        Description = "Threads of the build.",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    public static readonly Option<int[]> Breadths = new("--breadths")
    {
        Description = "Comma-separated breadths (ef).",
        DefaultValueFactory = _ => [20, 40, 80, 120, 200, 400],
        CustomParser = r => Numbers(r, int.Parse),
    };

    public static readonly Option<double[]> Margins = new("--margins")
    {
        Description = "Comma-separated margins of the adaptive stop; each is measured at every breadth.",
        DefaultValueFactory = _ => [],
        CustomParser = r => Numbers(r, double.Parse),
    };

    public static readonly Option<string> Metric = MetricOption();

    public static Option<string> MetricOption()
    {
        var option = new Option<string>("--metric")
        {
            Description = "ip, l2 or cosine.",
            DefaultValueFactory = _ => "ip",
        };
        option.AcceptOnlyFromAmong("ip", "l2", "cosine");
        return option;
    }

    public static OracleMetric ToOracle(string metric) => metric switch
    {
        "ip" => OracleMetric.InnerProduct,
        "l2" => OracleMetric.Euclidean,
        "cosine" => OracleMetric.Cosine,
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "The metrics are ip, l2 and cosine."),
    };

    private static T[] Numbers<T>(ArgumentResult result, Func<string, CultureInfo, T> parse)
    {
        string text = string.Join(',', result.Tokens.Select(t => t.Value));
        try
        {
            return [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(t => parse(t, CultureInfo.InvariantCulture))];
        }
        catch (FormatException)
        {
            result.AddError($"{text} is not a comma-separated list of numbers.");
            return [];
        }
    }
}
