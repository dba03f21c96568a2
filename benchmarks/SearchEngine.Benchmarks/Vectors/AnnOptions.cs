using System.CommandLine;
using SearchEngine.Testing.Vectors;

namespace SearchEngine.Benchmarks.Vectors;

/// <summary>Options that more than one of the vector commands has.</summary>
internal static class AnnOptions
{
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
}
