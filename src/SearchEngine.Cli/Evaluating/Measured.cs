using SearchEngine.Evaluation;

namespace SearchEngine.Cli.Evaluating;

/// <summary>One way to rank, measured on every query.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Queries">One by one, in the order that all ways share.</param>
/// <param name="Latency">Of its calls; null where nothing was called.</param>
internal sealed record Measured(string Name, IReadOnlyList<QueryMetrics> Queries, Latency? Latency)
{
    /// <summary>What tables show, in their order.</summary>
    public static readonly IReadOnlyList<(string Name, Func<QueryMetrics, double> Of)> Measures =
    [
        ("recall@1", query => query.Recall1), ("recall@5", query => query.Recall5), ("recall@10", query => query.Recall10),
        ("recall@20", query => query.Recall20), ("NDCG@10", query => query.Ndcg10), ("MRR", query => query.ReciprocalRank),
    ];

    /// <summary>What only programs are told.</summary>
    public static readonly IReadOnlyList<(string Name, Func<QueryMetrics, double> Of)> More =
    [
        ("precision@10", query => query.Precision10), ("MAP", query => query.AveragePrecision),
    ];

    public Interval Of(Func<QueryMetrics, double> measure) => Bootstrap.Mean([.. Queries.Select(measure)]);

    /// <summary>NDCG@10 minus another's, query by query.</summary>
    public Interval Against(Measured other) => Bootstrap.Difference([.. Queries.Select(query => query.Ndcg10)], [.. other.Queries.Select(query => query.Ndcg10)]);
}
