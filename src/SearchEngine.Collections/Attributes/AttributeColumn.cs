namespace SearchEngine.Collections.Attributes;

/// <summary>
/// The values of one attribute in one segment, indexed for conditions. Safe for any readers; those of a live segment name
/// how many rows they mean by the row count of the set they pass, and see exactly those.
/// </summary>
internal abstract class AttributeColumn
{
    /// <summary>Adds the rows that have a value.</summary>
    public abstract void AddExisting(RowSet rows);

    /// <summary>Adds the rows that pass the test with one of their values.</summary>
    public abstract void AddMatches(ValueTest test, RowSet rows);

    /// <summary>How many of the first rows have a value.</summary>
    public abstract MatchEstimate EstimateExisting(int rows);

    /// <summary>How many of the first rows pass, from the dictionary or the bounds alone.</summary>
    public abstract MatchEstimate EstimateMatches(ValueTest test, int rows);

    /// <summary>Those of the first rows that have a value, by value and then by ordinal; see <see cref="SortOrder.Rows"/>.</summary>
    public virtual IEnumerable<OrderedRow> InOrder(int rows, SortDirection direction, SortKey? from) =>
        throw new InvalidOperationException($"{GetType().Name} has no order.");
}
