using SearchEngine.Evaluation;

namespace SearchEngine.Training;

/// <summary>One way to rank and its mean measures.</summary>
/// <param name="Name">What ranked.</param>
/// <param name="Mean">Over all queries.</param>
/// <param name="Ndcg">Interval of NDCG@10.</param>
public sealed record RankedBy(string Name, QueryMetrics Mean, Interval Ndcg)
{
    internal static RankedBy Of(string name, IReadOnlyCollection<QueryMetrics> queries) =>
        new(name, QueryMetrics.MeanOf(queries), Bootstrap.Mean([.. queries.Select(query => query.Ndcg10)]));
}
