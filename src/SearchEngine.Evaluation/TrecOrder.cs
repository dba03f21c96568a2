namespace SearchEngine.Evaluation;

/// <summary>
/// The order in which trec_eval reads a run: scores in single precision, greatest first; equal scores by the document's id,
/// the greater byte string first. Whoever ranks ties in another way measures other numbers.
/// </summary>
public sealed class TrecOrder : IComparer<ScoredDocument>
{
    public static readonly TrecOrder Instance = new();

    private TrecOrder()
    {
    }

    public int Compare(ScoredDocument left, ScoredDocument right)
    {
        var byScore = right.Score.CompareTo(left.Score);
        return byScore != 0 ? byScore : string.CompareOrdinal(right.Id, left.Id);
    }

    /// <summary>The best documents, in this order.</summary>
    public static ScoredDocument[] Best(IEnumerable<ScoredDocument> documents, int count)
    {
        var sorted = documents.ToArray();
        Array.Sort(sorted, Instance);
        return sorted.Length <= count ? sorted : sorted[..count];
    }
}
