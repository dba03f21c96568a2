namespace SearchEngine.Collections.Attributes;

/// <summary>An attribute that no row of a segment has: it was added to the schema after the segment was written.</summary>
internal sealed class EmptyColumn : AttributeColumn
{
    public static EmptyColumn Instance { get; } = new();

    public override void AddExisting(RowSet rows)
    {
    }

    public override void AddMatches(ValueTest test, RowSet rows)
    {
    }

    public override MatchEstimate EstimateExisting(int rows) => MatchEstimate.Exactly(0);

    public override MatchEstimate EstimateMatches(ValueTest test, int rows) => MatchEstimate.Exactly(0);

    public override IEnumerable<OrderedRow> InOrder(int rows, SortDirection direction, SortKey? from) => [];
}
