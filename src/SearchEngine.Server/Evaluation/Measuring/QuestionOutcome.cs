using SearchEngine.Rpc;
using SearchEngine.Server.Evaluation.Ranking;

namespace SearchEngine.Server.Evaluation.Measuring;

/// <summary>What one configuration made of one question.</summary>
/// <param name="Values">Of the metrics; all 0 for one that failed.</param>
/// <param name="FirstRelevantRank">From 1; 0 where none was found.</param>
internal readonly record struct QuestionOutcome(double[] Values, int FirstRelevantRank, long Micros, RpcException? Error)
{
    public static QuestionOutcome Of(JudgedQuestion question, RankedQuery ranked, IReadOnlyList<Metric> metrics)
    {
        int[] grades = question.GradesOf(ranked.Hits);
        return new QuestionOutcome([.. metrics.Select(metric => metric.Of(grades, question.Ideal))], 1 + Array.FindIndex(grades, static grade => grade > 0), ranked.Micros, null);
    }

    public static QuestionOutcome Failed(RpcException error, IReadOnlyList<Metric> metrics) => new(new double[metrics.Count], 0, 0, error);
}
