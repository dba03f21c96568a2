using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Tests.Filters;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Attributes;

/// <summary>Readers of live columns see exactly the rows below their bound, whatever the appender does meanwhile.</summary>
public sealed class LiveColumnsTests
{
    private const int Rows = 20_000;

    private static readonly CollectionSchema Schema = new()
    {
        Attributes =
        [
            new AttributeSchema { Name = "word", Type = AttributeType.Keyword },
            new AttributeSchema { Name = "words", Type = AttributeType.Keyword, IsArray = true },
            new AttributeSchema { Name = "number", Type = AttributeType.Integer },
            new AttributeSchema { Name = "numbers", Type = AttributeType.Float, IsArray = true },
            new AttributeSchema { Name = "place", Type = AttributeType.GeoPoint },
        ],
    };

    [Fact]
    public void Columns_of_several_chunks_agree_with_the_oracle_live_and_mapped()
    {
        var random = new RandomFilters(21);
        List<Document> documents = random.Documents(Schema, Rows / 2);
        var rows = new FilteredRows(Schema, documents);
        LiveColumns live = rows.Live();
        using var directory = new TempDirectory();
        using SegmentAttributes segment = rows.Segment(directory.Path, Schema);
        for (int i = 0; i < 25; i++)
        {
            Filter filter = random.Filter(Schema, 1);
            int bound = i % 2 == 0 ? 2 * Chunks<uint>.ChunkItems : documents.Count;
            bool[] expected = rows.Expected(filter, documents.Count);
            FilterChecks.Agrees($"live, filter {i}", Schema, filter, rows.Source(live, bound), expected[..bound]);
            FilterChecks.Agrees($"segment, filter {i}", Schema, filter, rows.Source(segment, documents.Count), expected);
        }
    }

    [Fact]
    public async Task Readers_beside_the_appender_see_the_rows_below_their_bound()
    {
        var random = new RandomFilters(22);
        List<Document> documents = random.Documents(Schema, Rows);
        var rows = new FilteredRows(Schema, documents);
        Filter[] filters = [.. Enumerable.Range(0, 12).Select(_ => random.Filter(Schema, 1))];
        bool[][] expected = [.. filters.Select(f => rows.Expected(f, Rows))];
        CompiledFilter[] compiled = [.. filters.Select(f => CompiledFilter.Compile(f, Schema, UnindexedFilter.Scan))];
        var live = new LiveColumns(Schema);
        int checks = 0;
        Task[] readers = [.. Enumerable.Range(0, 3).Select(reader => Task.Run(() =>
        {
            for (int i = reader; live.Rows < Rows || i < filters.Length; i++)
            {
                int bound = live.Rows;
                int at = i % filters.Length;
                using RowSet set = compiled[at].Evaluate(rows.Source(live, bound));
                for (int row = 0; row < bound; row++)
                {
                    if (expected[at][row] != set.Contains((uint)row))
                    {
                        Assert.Fail($"row {row} of {bound} is wrong while rows are appended: {FilterChecks.Show(filters[at])}");
                    }
                }
                MatchEstimate estimate = compiled[at].Estimate(rows.Source(live, bound));
                int count = expected[at].Take(bound).Count(static e => e);
                Assert.True(estimate.Least <= count && count <= estimate.Most, $"{count} of {bound} rows match, estimated {estimate}");
                Interlocked.Increment(ref checks);
            }
        }))];
        for (int row = 0; row < Rows; row++)
        {
            live.Append((uint)row, rows.BodyOf((uint)row));
        }
        await Task.WhenAll(readers);
        Assert.True(checks > filters.Length, $"only {checks} reads: the test shows nothing");
    }

    [Fact]
    public void Memory_grows_with_the_values_and_not_with_the_schema()
    {
        var attributes = Enumerable.Range(0, CollectionSchema.MaxAttributes).Select(i => new AttributeSchema { Name = $"a{i}", Type = (AttributeType)(i % 6 + 1) });
        var schema = new CollectionSchema { Attributes = [.. attributes] };
        Document[] documents = [.. Enumerable.Range(0, 10_000).Select(i => new Document
        {
            Id = (ulong)i,
            Attributes = new Dictionary<string, AttributeValue> { ["a1"] = AttributeValue.OfInteger(i) },
        })];
        LiveColumns live = new FilteredRows(schema, documents).Live();
        Assert.InRange(live.MemoryBytes, 10_000 * 12, 12_288 * 12 + 1);
    }
}
