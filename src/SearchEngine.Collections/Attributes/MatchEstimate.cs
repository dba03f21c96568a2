namespace SearchEngine.Collections.Attributes;

/// <summary>How many rows match, without looking at the rows: the true count lies between the bounds.</summary>
internal readonly record struct MatchEstimate(long Least, long Likely, long Most)
{
    public bool IsExact => Least == Most;

    public static MatchEstimate Exactly(long count) => new(count, count, count);

    /// <summary>Nothing is known but the number of rows.</summary>
    public static MatchEstimate Unknown(int rows) => new(0, rows / 2, rows);

    public MatchEstimate Not(int rows) => new(rows - Most, rows - Likely, rows - Least);

    /// <summary>The same of another segment added.</summary>
    public MatchEstimate Plus(MatchEstimate other) => new(Least + other.Least, Likely + other.Likely, Most + other.Most);

    /// <summary>Both hold; the likely count is that of independent conditions.</summary>
    public MatchEstimate And(MatchEstimate other, int rows)
    {
        long least = Math.Max(0, Least + other.Least - rows);
        long most = Math.Min(Most, other.Most);
        long likely = rows == 0 ? 0 : (long)((double)Likely * other.Likely / rows);
        return new MatchEstimate(least, Math.Clamp(likely, least, most), most);
    }

    /// <summary>One of both holds; the likely count is that of independent conditions.</summary>
    public MatchEstimate Or(MatchEstimate other, int rows) => Not(rows).And(other.Not(rows), rows).Not(rows);
}
