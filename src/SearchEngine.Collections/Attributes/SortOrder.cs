using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Attributes;

/// <summary>
/// An order of rows by a single-valued attribute with a sorted index, checked against a schema. Rows with equal values come
/// by ordinal, which is not the order of ids; rows without a value come after all others.
/// </summary>
internal sealed class SortOrder
{
    private readonly int _position;

    private SortOrder(int position, SortDirection direction)
    {
        _position = position;
        Direction = direction;
    }

    public SortDirection Direction { get; }

    /// <exception cref="CollectionException">AttributeUnknown, or FieldInvalid where the attribute has no order.</exception>
    public static SortOrder By(CollectionSchema schema, string attribute, SortDirection direction, string path = "order")
    {
        int position = schema.AttributeAt(attribute);
        if (position < 0)
        {
            throw new CollectionException(
                CollectionError.AttributeUnknown, $"{path}.attribute", $"There is no attribute \"{attribute}\".",
                "Use an attribute of the collection's schema.");
        }
        AttributeSchema found = schema.Attributes[position];
        bool isSorted = found.Index == AttributeIndex.Sorted || (found.Index == AttributeIndex.Auto && IsSortedByItself(found.Type));
        return isSorted && !found.IsArray && found.Type != AttributeType.GeoPoint
            ? new SortOrder(position, direction)
            : throw new CollectionException(
                CollectionError.FieldInvalid, $"{path}.attribute",
                $"The attribute \"{attribute}\" ({found.Type}{(found.IsArray ? " array" : "")}, index {found.Index}) has no order.",
                "Order by a single-valued attribute with the index Sorted.");
    }

    /// <summary>
    /// The rows with a value, in order, from the first whose value is not before <paramref name="from"/>. The source must
    /// stay open while the rows are read.
    /// </summary>
    /// <param name="rows">Rows of the segment to look at: those of the snapshot.</param>
    public IEnumerable<OrderedRow> Rows(IAttributeReader attributes, int rows, SortKey? from = null) =>
        attributes.Column(_position)?.InOrder(rows, Direction, from) ?? [];

    /// <summary>The rows without a value.</summary>
    public RowSet Missing(IAttributeReader attributes, int rows)
    {
        RowSet missing = RowSet.None(rows);
        attributes.Column(_position)?.AddExisting(missing);
        missing.Invert();
        return missing;
    }

    private static bool IsSortedByItself(AttributeType type) =>
        type is AttributeType.Integer or AttributeType.Float or AttributeType.Timestamp;
}
