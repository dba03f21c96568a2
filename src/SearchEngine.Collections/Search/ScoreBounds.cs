namespace SearchEngine.Collections.Search;

/// <summary>What no score of a query lies outside of.</summary>
public readonly record struct ScoreBounds(double Least, double Most)
{
    /// <summary>0 at the least, 1 at the most.</summary>
    public double Scale(double score) => Most > Least ? Math.Clamp((score - Least) / (Most - Least), 0, 1) : 1;
}
