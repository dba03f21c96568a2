namespace SearchEngine.Evaluation;

/// <summary>The two knobs of BM25. The default is Lucene's.</summary>
/// <param name="Saturation">k1: how soon further occurrences of a term stop counting.</param>
/// <param name="LengthShare">b: how much a document's length counts, from 0 to 1.</param>
public sealed record Bm25Options(double Saturation, double LengthShare)
{
    public static readonly Bm25Options Default = new(1.2, 0.75);
}
