using SearchEngine.Collections.Documents;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Operations.Rechecks;

/// <summary>An answer compared with the exact one.</summary>
/// <param name="Missed">Hits of the exact search that the answer lacks, with their rank from 1.</param>
internal sealed record Recheck(double Recall, IReadOnlyList<(Engine.Hit Hit, int Rank)> Missed)
{
    // Scores of one row differ by rounding where it is scored in another company.
    private const float Tie = 1e-6f;

    /// <summary>
    /// Hits that score like the last exact one are as right as it is: which of equals comes is nobody's promise.
    /// </summary>
    public static Recheck Of(IReadOnlyList<Engine.Hit> answer, IReadOnlyList<Engine.Hit> exact)
    {
        if (exact.Count == 0)
        {
            return new Recheck(1, []);
        }
        HashSet<DocumentId> had = [.. answer.Select(static h => h.Id)];
        float last = exact[^1].Score;
        float least = last - Tie * Math.Max(1, Math.Abs(last));
        int right = Math.Min(exact.Count, answer.Count(h => h.Score >= least));
        (Engine.Hit, int)[] missed =
        [
            .. exact.Select(static (hit, i) => (Hit: hit, Rank: i + 1)).Where(m => !had.Contains(m.Hit.Id)).Take(exact.Count - right),
        ];
        return new Recheck((double)right / exact.Count, missed);
    }
}
