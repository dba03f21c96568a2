using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Tests.Filters;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Attributes;

/// <summary>Rows come in the order of their values, live and mapped alike, from any value on.</summary>
public sealed class SortOrderTests
{
    private const int Rows = 500;

    [Theory]
    [InlineData(AttributeType.Integer)]
    [InlineData(AttributeType.Float)]
    [InlineData(AttributeType.Timestamp)]
    [InlineData(AttributeType.Keyword)]
    [InlineData(AttributeType.Bool)]
    public void Live_and_mapped_rows_come_in_the_order_of_a_plain_sort(AttributeType type)
    {
        var random = new RandomFilters(100 + (int)type);
        var schema = new CollectionSchema { Attributes = [new AttributeSchema { Name = "by", Type = type, Index = AttributeIndex.Sorted }] };
        List<Document> documents = [.. Enumerable.Range(0, Rows).Select(i => new Document
        {
            Id = (ulong)i,
            Attributes = i % 7 == 0 ? [] : new Dictionary<string, AttributeValue> { ["by"] = random.Element(type, 40) },
        })];
        var rows = new FilteredRows(schema, documents);
        using var directory = new TempDirectory();
        using SegmentAttributes segment = rows.Segment(directory.Path, schema);
        foreach (IAttributeReader reader in new IAttributeReader[] { segment, rows.Live() })
        {
            foreach (SortDirection direction in Enum.GetValues<SortDirection>())
            {
                Check(reader, schema, documents, type, direction, random);
            }
        }
    }

    [Theory]
    [InlineData("array")]
    [InlineData("auto keyword")]
    [InlineData("place")]
    [InlineData("unindexed")]
    [InlineData("unknown")]
    public void What_has_no_order_is_refused(string name)
    {
        var schema = new CollectionSchema
        {
            Attributes =
            [
                new AttributeSchema { Name = "array", Type = AttributeType.Integer, IsArray = true },
                new AttributeSchema { Name = "auto keyword", Type = AttributeType.Keyword },
                new AttributeSchema { Name = "place", Type = AttributeType.GeoPoint, Index = AttributeIndex.Sorted },
                new AttributeSchema { Name = "unindexed", Type = AttributeType.Integer, Index = AttributeIndex.None },
            ],
        };
        var refusal = Assert.Throws<CollectionException>(() => SortOrder.By(schema, name, SortDirection.Ascending));
        Assert.Equal("order.attribute", refusal.Field);
    }

    private static void Check(
        IAttributeReader reader, CollectionSchema schema, List<Document> documents, AttributeType type, SortDirection direction, RandomFilters random)
    {
        string where = $"{reader.GetType().Name}, {type}, {direction}";
        SortOrder order = SortOrder.By(schema, "by", direction);
        var keys = new Dictionary<uint, SortKey>();
        for (uint row = 0; row < Rows; row++)
        {
            if (documents[(int)row].Attributes.TryGetValue("by", out AttributeValue value))
            {
                keys[row] = Key(value);
            }
        }
        IOrderedEnumerable<KeyValuePair<uint, SortKey>> sorted = direction == SortDirection.Ascending
            ? keys.OrderBy(static k => k.Value)
            : keys.OrderByDescending(static k => k.Value);
        OrderedRow[] expected = [.. sorted.ThenBy(static k => k.Key).Select(static k => new OrderedRow(k.Key, k.Value))];
        Assert.True(expected.SequenceEqual(order.Rows(reader, Rows)), $"{where}: the order is not that of a sort");

        for (int i = 0; i < 20; i++)
        {
            SortKey from = Key(random.Element(type, 60));
            bool Reached(OrderedRow row) => direction == SortDirection.Ascending ? row.Key.CompareTo(from) >= 0 : row.Key.CompareTo(from) <= 0;
            Assert.True(expected.Where(Reached).SequenceEqual(order.Rows(reader, Rows, from)), $"{where}: the order from {from.Number} on is wrong");
        }
        using RowSet missing = order.Missing(reader, Rows);
        Assert.Equal(Rows - keys.Count, missing.Count());
    }

    private static SortKey Key(AttributeValue value) => value.Type == AttributeType.Keyword
        ? new SortKey(System.Text.Encoding.UTF8.GetBytes(value.Keyword))
        : new SortKey(NumberKey.Of(value));
}
