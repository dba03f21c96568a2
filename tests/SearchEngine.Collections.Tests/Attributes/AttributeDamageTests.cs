using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Tests.Filters;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Attributes;

/// <summary>A damaged `attributes` file is found by scrubbing, and evaluated without anything worse than a typed error.</summary>
public sealed class AttributeDamageTests
{
    private const int Rows = 70;

    private static readonly byte[] Flips = [0xFF, 0x01, 0x80];

    [Fact]
    public void A_flipped_byte_is_found_by_scrubbing_and_harmless_to_evaluation()
    {
        var random = new RandomFilters(5);
        CollectionSchema schema = Schema();
        var rows = new FilteredRows(schema, random.Documents(schema, Rows));
        using var directory = new TempDirectory();
        rows.Segment(directory.Path, schema).Dispose();
        CompiledFilter[] filters = [.. Enumerable.Range(0, 8).Select(_ => CompiledFilter.Compile(random.FilterWithBound(schema), schema, UnindexedFilter.Scan))];
        SortOrder order = SortOrder.By(schema, "sorted word", SortDirection.Descending);

        Assert.Empty(SegmentAttributes.Scrub(directory.Path, TestContext.Current.CancellationToken));
        string path = directory.File("attributes");
        using FileStream file = File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        int refused = 0;
        for (int at = 0; at < file.Length; at++)
        {
            byte flip = Flips[at % Flips.Length];
            Flip(file, at, flip);
            if (SegmentAttributes.Scrub(directory.Path, TestContext.Current.CancellationToken).Count == 0)
            {
                Assert.Fail($"scrubbing does not see byte {at} of {file.Length} flipped by {flip:X2}");
            }
            refused += Use(directory.Path, schema, rows, filters, order, $"byte {at} flipped by {flip:X2}");
            Flip(file, at, flip);
        }
        Assert.True(refused > 0, "no damage was ever refused: the test reads nothing that matters");
    }

    private static void Flip(FileStream file, int at, byte flip)
    {
        Span<byte> one = stackalloc byte[1];
        RandomAccess.Read(file.SafeFileHandle, one, at);
        one[0] ^= flip;
        RandomAccess.Write(file.SafeFileHandle, one, at);
    }

    /// <returns>How many uses were refused with a typed error; anything else fails.</returns>
    private static int Use(
        string directory, CollectionSchema schema, FilteredRows rows, CompiledFilter[] filters, SortOrder order, string what)
    {
        int refused = 0;
        try
        {
            using SegmentAttributes segment = SegmentAttributes.Open(directory, schema);
            if (segment.Rows != Rows)
            {
                return 1;
            }
            foreach (CompiledFilter filter in filters)
            {
                refused += Refused(what, () =>
                {
                    filter.Estimate(rows.Source(segment, Rows));
                    using RowSet set = filter.Evaluate(rows.Source(segment, Rows));
                    Assert.True(set.Words[^1] >> (Rows % 64) == 0, $"{what}: bits behind the last row are set");
                });
            }
            refused += Refused(what, () => Assert.All(order.Rows(segment, Rows), static row => Assert.True(row.Row < Rows)));
        }
        catch (CollectionException error) when (error.Error == CollectionError.Checksum)
        {
            refused++;
        }
        return refused;
    }

    private static int Refused(string what, Action use)
    {
        try
        {
            use();
            return 0;
        }
        catch (CollectionException error) when (error.Error == CollectionError.Checksum)
        {
            return 1;
        }
        catch (Exception error) when (error is IndexOutOfRangeException or ArgumentException or OverflowException or InvalidOperationException)
        {
            Assert.Fail($"{what}: {error}");
            return 0;
        }
    }

    private static CollectionSchema Schema() => new()
    {
        Attributes =
        [
            new AttributeSchema { Name = "sorted word", Type = AttributeType.Keyword, Index = AttributeIndex.Sorted },
            new AttributeSchema { Name = "words", Type = AttributeType.Keyword, IsArray = true },
            new AttributeSchema { Name = "number", Type = AttributeType.Integer },
            new AttributeSchema { Name = "place", Type = AttributeType.GeoPoint },
        ],
    };
}
