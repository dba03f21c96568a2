namespace SearchEngine.Collections.Attributes;

/// <summary>A column of codes in a mapped file; what is left to do is to look values up in the dictionary.</summary>
internal abstract class SegmentColumn(CodeIndex index, bool isArray) : AttributeColumn
{
    protected CodeIndex Index => index;

    public override void AddExisting(RowSet rows) => index.AddExisting(rows);

    public override void AddMatches(ValueTest test, RowSet rows) => index.Add(CodesOf(test), rows);

    public override MatchEstimate EstimateExisting(int rows)
    {
        long most = Math.Min(index.Entries, rows);
        return isArray ? new MatchEstimate(Math.Min(most, 1), most, most) : MatchEstimate.Exactly(most);
    }

    public override MatchEstimate EstimateMatches(ValueTest test, int rows)
    {
        List<CodeRange> codes = CodesOf(test);
        long entries = index.CountEntries(codes);
        // A row has an entry for each of its values, so entries are rows where there is one value to look for or to have.
        bool isExact = !isArray || codes.Sum(static r => (long)r.End - r.First) <= 1;
        long most = Math.Min(entries, rows);
        return isExact ? MatchEstimate.Exactly(most) : new MatchEstimate(Math.Min(entries, 1), most, most);
    }

    /// <summary>The codes that pass, ascending.</summary>
    protected abstract List<CodeRange> CodesOf(ValueTest test);
}
