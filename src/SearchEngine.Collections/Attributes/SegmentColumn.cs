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

    public override IEnumerable<OrderedRow> InOrder(int rows, SortDirection direction, SortKey? from)
    {
        bool ascending = direction == SortDirection.Ascending;
        int code = from is { } start
            ? ascending ? FirstAtLeast(start) : LastAtMost(start)
            : ascending ? 0 : index.Codes - 1;
        var ordinals = new List<uint>();
        for (; code >= 0 && code < index.Codes; code += ascending ? 1 : -1)
        {
            SortKey key = KeyOf(code);
            ordinals.Clear();
            index.CopyRows(code, ordinals);
            foreach (uint ordinal in ordinals)
            {
                yield return new OrderedRow(ordinal, key);
            }
        }
    }

    /// <summary>The value of a code as an order sees it.</summary>
    protected abstract SortKey KeyOf(int code);

    /// <summary>The first code whose value is not before a key.</summary>
    protected abstract int FirstAtLeast(SortKey key);

    private int LastAtMost(SortKey key)
    {
        int first = FirstAtLeast(key);
        return first < index.Codes && KeyOf(first).Equals(key) ? first : first - 1;
    }

    /// <summary>The codes that pass, ascending.</summary>
    protected abstract List<CodeRange> CodesOf(ValueTest test);
}
