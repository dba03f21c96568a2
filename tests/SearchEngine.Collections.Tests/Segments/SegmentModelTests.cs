using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Tests.Filters;
using SearchEngine.Vectors;
using Xunit;

namespace SearchEngine.Collections.Tests.Segments;

/// <summary>Documents survive freezing, merging and reopening as a dictionary says they should.</summary>
public sealed class SegmentModelTests
{
    private static readonly CollectionSchema[] Schemas =
    [
        new(),
        new() { Vectors = [new VectorSchema { Dimension = 32, BuildBreadth = 60 }] },
        new() { Vectors = [new VectorSchema { Dimension = 20, Metric = VectorMetric.Euclidean, IsRequired = false, BuildBreadth = 60 }] },
        new()
        {
            Vectors =
            [
                new VectorSchema { Name = "a", Dimension = 32, IsRequired = false, BuildBreadth = 60 },
                new VectorSchema { Name = "b", Dimension = 8, Metric = VectorMetric.Dot, BuildBreadth = 60 },
                new VectorSchema { Name = "c", Dimension = 16, Metric = VectorMetric.Euclidean, IsRequired = false, BuildBreadth = 60 },
            ],
        },
    ];

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 4)]
    [InlineData(3, 5)]
    public void Documents_survive_freezes_merges_and_reopening(int schema, int seed)
    {
        using var model = new SegmentModel(Schemas[schema], seed);
        foreach (int operations in new[] { 900, 200, 1_500 })
        {
            model.WriteAndFreeze(operations, ids: 600);
            model.AssertSegments($"a freeze of {operations} operations");
        }
        model.AssertSearches("three freezes");
        model.Merge(0, 2);
        model.AssertSegments("a merge of two");
        model.WriteAndFreeze(40, ids: 600);
        model.AssertSegments("a freeze of few");
        model.Merge(0, 3);
        model.Reopen();
        model.AssertSegments("a merge of all and reopening");
        model.AssertSearches("a merge of all");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Nothing_is_frozen_and_merged_as_well(int schema)
    {
        using var model = new SegmentModel(Schemas[schema], 6);
        model.WriteAndFreeze(1, ids: 1);
        model.WriteAndFreeze(60, ids: 1);
        model.AssertSegments("freezes of next to nothing");
        model.Merge(0, 2);
        model.AssertSegments("a merge of next to nothing");
        model.AssertSearches("a merge of next to nothing");
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Filters_mean_the_same_before_and_after_freezes_and_merges(int seed)
    {
        CollectionSchema schema = new RandomFilters(seed).Schema() with
        {
            Vectors = [new VectorSchema { Dimension = 8, IsRequired = false, BuildBreadth = 40 }],
        };
        using var model = new SegmentModel(schema, seed);
        model.WriteAndFreeze(700, ids: 400);
        model.AssertSegments("a freeze");
        model.WriteAndFreeze(500, ids: 400);
        model.Merge(0, 2);
        model.AssertSegments("a merge");
        model.WriteAndFreeze(90, ids: 400);
        model.Merge(0, 2);
        model.Reopen();
        model.AssertSegments("a second merge and reopening");
    }

    [Fact]
    public void A_document_is_the_row_of_its_first_vector_and_those_without_come_behind()
    {
        using var model = new SegmentModel(Schemas[3], 8);
        model.WriteAndFreeze(500, ids: 500);
        model.WriteAndFreeze(300, ids: 500);
        model.Merge(0, 2);
        DocumentSegment segment = model.Segments[0].Segment;
        VectorSegment first = segment.Vectors(0)!;
        Assert.InRange(first.Count, 1, segment.Count - 1);
        for (uint document = 0; document < (uint)segment.Count; document++)
        {
            bool has = segment.TryVectorRow(0, document, out uint row);
            Assert.True(has == document < (uint)first.Count && (!has || row == document), $"document {document} has row {row}");
            uint back = has ? first.SourceRow(row) : document;
            Assert.True(back == document, $"row {row} leads to document {back}, not {document}");
        }
    }

    [Fact]
    public void A_merge_whose_rows_are_all_dead_is_empty()
    {
        using var model = new SegmentModel(Schemas[3], 7);
        model.WriteAndFreeze(300, ids: 300);
        using RowSet all = RowSet.All(model.Segments[0].Segment.Count);
        model.Segments[0].Dead.Or(all.Words);
        model.Merge(0, 1);
        Assert.Equal(0, model.Segments[0].Segment.Count);
        Assert.Null(model.Segments[0].Segment.Vectors(1));
        Assert.False(model.Segments[0].Segment.TryFind(1, 1, out _));
    }
}
