using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Filters;

/// <summary>A filter selects the documents that its meaning says, whatever it is evaluated on.</summary>
public sealed class FilterEvaluationTests
{
    private const int FiltersPerSchema = 40;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Live_columns_agree_with_the_oracle(int seed)
    {
        var random = new RandomFilters(seed);
        CollectionSchema schema = random.Schema();
        List<Document> documents = random.Documents(schema, seed * 37 % 700);
        var rows = new FilteredRows(schema, documents);
        LiveColumns live = rows.Live();
        for (int i = 0; i < FiltersPerSchema; i++)
        {
            Filter filter = random.FilterWithBound(schema);
            int bound = i % 3 == 0 ? documents.Count * 2 / 3 : documents.Count;
            FilterChecks.Agrees($"live, seed {seed}, filter {i}", schema, filter, rows.Source(live, bound), rows.Expected(filter, bound));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Segment_columns_agree_with_the_oracle(int seed)
    {
        var random = new RandomFilters(seed + 1000);
        CollectionSchema schema = random.Schema();
        List<Document> documents = random.Documents(schema, seed * 37 % 700);
        var rows = new FilteredRows(schema, documents);
        using var directory = new TempDirectory();
        using SegmentAttributes segment = rows.Segment(directory.Path, schema);
        for (int i = 0; i < FiltersPerSchema; i++)
        {
            Filter filter = random.FilterWithBound(schema);
            FilterSource source = rows.Source(segment, documents.Count);
            FilterChecks.Agrees($"segment, seed {seed}, filter {i}", schema, filter, source, rows.Expected(filter, documents.Count));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Attributes_added_later_have_no_values_in_older_rows(int seed)
    {
        var random = new RandomFilters(seed + 2000);
        CollectionSchema grown = random.Schema();
        while (grown.Attributes.Count < 4)
        {
            grown = random.Schema();
        }
        CollectionSchema old = grown with { Attributes = [.. grown.Attributes.Take(2)] };
        List<Document> before = random.Documents(old, 150);
        List<Document> after = [.. random.Documents(grown, 150).Select(static (d, i) => d with { Id = $"later document {i}" })];
        var oldRows = new FilteredRows(old, before);
        var allRows = new FilteredRows(grown, [.. before, .. after]);
        using var directory = new TempDirectory();
        using SegmentAttributes segment = oldRows.Segment(directory.Path, grown);
        LiveColumns live = oldRows.Live();
        live.Extend(grown);
        for (int row = before.Count; row < before.Count + after.Count; row++)
        {
            live.Append((uint)row, allRows.BodyOf((uint)row));
        }
        for (int i = 0; i < FiltersPerSchema; i++)
        {
            Filter filter = random.FilterWithBound(grown);
            bool[] expected = allRows.Expected(filter, before.Count + after.Count);
            FilterChecks.Agrees($"live, seed {seed}, filter {i}", grown, filter, allRows.Source(live, expected.Length), expected);
            FilterChecks.Agrees($"segment, seed {seed}, filter {i}", grown, filter, allRows.Source(segment, before.Count), expected[..before.Count]);
        }
    }
}
