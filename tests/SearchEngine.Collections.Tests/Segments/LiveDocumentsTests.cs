using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Storage;
using SearchEngine.Testing;
using SearchEngine.Vectors.Files;
using Xunit;

namespace SearchEngine.Collections.Tests.Segments;

/// <summary>Readers with any bound find the row their bound knows; rows read back as they were written.</summary>
public sealed class LiveDocumentsTests
{
    private static readonly CollectionSchema Optional = new()
    {
        Vectors =
        [
            new VectorSchema { Name = "always", Dimension = 4, Metric = VectorMetric.Euclidean },
            new VectorSchema { Name = "maybe", Dimension = 3, IsRequired = false },
        ],
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_bound_finds_the_newest_row_below_it(int seed)
    {
        const int Rows = 6_000;
        var random = new Random(seed);
        using var live = new LiveDocuments(new CollectionSchema(), new LiveDocumentsOptions { Capacity = Rows });
        var written = new Dictionary<DocumentId, List<uint>>();
        for (int i = 0; i < Rows; i++)
        {
            DocumentId id = RandomId(random, 900);
            uint ordinal = live.Append(id, (ulong)i, BodyFor(i), []);
            Assert.Equal((uint)i, ordinal);
            (written.TryGetValue(id, out List<uint>? rows) ? rows : written[id] = []).Add(ordinal);
        }
        foreach ((DocumentId id, List<uint> rows) in written)
        {
            for (int check = 0; check < 5; check++)
            {
                int bound = random.Next(Rows + 2);
                uint expected = rows.LastOrDefault(r => r < (uint)bound, uint.MaxValue);
                bool found = live.TryFind(id, bound, out uint ordinal);
                Assert.True(
                    found == (expected != uint.MaxValue) && (!found || ordinal == expected),
                    $"seed {seed}: {id} below {bound} gives {ordinal}, not {expected}; suspect the chain of rows with one id");
            }
            foreach (uint row in rows)
            {
                Assert.Equal(id, live.IdOf(row));
                Assert.Equal(row, live.VersionOf(row));
                Assert.True(live.BodyOf(row).SequenceEqual(BodyFor((int)row)), $"seed {seed}: the body of row {row} is another one's");
            }
        }
        Assert.False(live.TryFind("nobody", int.MaxValue, out _));
        Assert.True(live.TryFind(written.First().Key, int.MaxValue, out _));
    }

    [Fact]
    public void A_number_and_the_text_of_its_digits_are_two_documents()
    {
        using var live = new LiveDocuments(new CollectionSchema(), new LiveDocumentsOptions());
        live.Append(7, 1, Body([1]), []);
        live.Append("7", 2, Body([2]), []);
        Assert.True(live.TryFind(7, 2, out uint number));
        Assert.True(live.TryFind("7", 2, out uint text));
        Assert.Equal((0u, 1u), (number, text));
    }

    [Fact]
    public void Bodies_of_any_size_share_the_heap()
    {
        using var live = new LiveDocuments(new CollectionSchema(), new LiveDocumentsOptions());
        int[] sizes = [0, 1, 65_536, 65_535, 0, 5 << 20, 3, 4 << 20, 0, 0, 100];
        for (int i = 0; i < sizes.Length; i++)
        {
            byte[] content = new byte[sizes[i]];
            Array.Fill(content, (byte)i);
            live.Append((ulong)i, 1, Body(content), []);
        }
        for (int i = 0; i < sizes.Length; i++)
        {
            ReadOnlySpan<byte> body = live.BodyOf((uint)i)[Body([]).Length..];
            Assert.Equal(sizes[i], body.Length);
            Assert.Equal(-1, body.IndexOfAnyExcept((byte)i));
        }
    }

    [Fact]
    public void Readers_beside_the_writer_see_whole_rows()
    {
        const int Rows = 60_000;
        using var live = new LiveDocuments(new CollectionSchema(), new LiveDocumentsOptions { Capacity = Rows });
        string? failure = null;
        Task[] readers = [.. Enumerable.Range(0, 3).Select(reader => Task.Run(() =>
        {
            var random = new Random(reader);
            int bound;
            do
            {
                bound = live.Count;
                if (bound == 0)
                {
                    continue;
                }
                uint row = (uint)random.Next(bound);
                DocumentId id = live.IdOf(row);
                bool right = live.TryFind(id, bound, out uint newest) && newest >= row && newest < (uint)bound && live.IdOf(newest) == id
                    && live.VersionOf(row) == row && live.BodyOf(row).SequenceEqual(BodyFor((int)row));
                bool absent = !live.TryFind($"absent {random.Next(100_000)}", bound, out _);
                if (!right || !absent)
                {
                    failure = $"row {row} of {id} below {bound}: newest {newest}, right {right}, absent {absent}";
                }
            }
            while (bound < Rows && failure is null);
        }))];
        var ids = new Random(9);
        for (int i = 0; i < Rows; i++)
        {
            live.Append(RandomId(ids, 20_000), (ulong)i, BodyFor(i), []);
        }
        Task.WaitAll(readers);
        Assert.True(failure is null, failure + "; suspect the order in which a row, its table entry and the count are published");
    }

    [Fact]
    public void Optional_vectors_keep_their_document()
    {
        const int Rows = 3_000;
        using var live = new LiveDocuments(Optional, new LiveDocumentsOptions { Capacity = Rows });
        var random = new Random(3);
        var rows = new List<uint>();
        for (uint i = 0; i < Rows; i++)
        {
            bool has = random.Next(3) > 0;
            live.Append(i, 1, Body([]), [Vector(i, 4), has ? Vector(i, 3) : default]);
            if (has)
            {
                rows.Add(i);
            }
        }
        var values = new float[3];
        for (uint i = 0; i < Rows; i++)
        {
            bool has = live.TryVectorRow(1, i, out uint row);
            Assert.Equal(rows.Contains(i), has);
            Assert.Equal(has, live.CopyVector(1, i, values));
            if (has)
            {
                Assert.Equal(i, live.DocumentOf(1, row));
                Assert.True(MathF.Abs(values[0] - Vector(i, 3)[0]) < 0.01f * i + 1e-3f, $"document {i} has the vector of another");
            }
            Assert.Equal(rows.Count(r => r < i), live.VectorRowsBelow(1, (int)i));
        }
        Assert.True(live.IsIdentity(0));
        Assert.False(live.IsIdentity(1));
    }

    [Fact]
    public void What_cannot_be_taken_is_refused_and_changes_nothing()
    {
        using var live = new LiveDocuments(Optional, new LiveDocumentsOptions { Capacity = 2 });
        Refused(CollectionError.FieldRequired, () => live.Append(1, 1, Body([]), [default, Vector(1, 3)]));
        Refused(CollectionError.DimensionMismatch, () => live.Append(1, 1, Body([]), [Vector(1, 4), Vector(1, 4)]));
        Refused(CollectionError.Checksum, () => live.Append(1, 1, [9], [Vector(1, 4), default]));
        Refused(CollectionError.AttributeUnknown, () => live.Append(1, 1, BodyWithAttribute(), [Vector(1, 4), default]));
        Refused(CollectionError.VectorNotFinite, () => live.Append(1, 1, Body([]), [Vector(1, 4), new float[] { 1, float.NaN, 0 }]));
        Assert.Throws<ArgumentException>(() => live.Append(1, 1, Body([]), [Vector(1, 4)]));
        Assert.Equal((0, 0), (live.Count, live.Vectors(0).Count));
        live.Append(1, 1, Body([]), [Vector(1, 4), default]);
        live.Append(1, 2, Body([]), [Vector(1, 4), Vector(1, 3)]);
        Assert.False(live.IsOpen);
        Assert.Throws<InvalidOperationException>(() => live.Append(2, 1, Body([]), [Vector(1, 4), default]));
        Assert.Throws<ArgumentOutOfRangeException>(() => live.IdOf(2));
    }

    [Fact]
    public void An_attribute_can_be_added_while_documents_are_written()
    {
        using var live = new LiveDocuments(new CollectionSchema(), new LiveDocumentsOptions());
        live.Append(1, 1, Body([]), []);
        var grown = new CollectionSchema { Attributes = [new AttributeSchema { Name = "late", Type = AttributeType.Bool }] };
        live.Extend(grown);
        live.Append(2, 1, BodyWithAttribute(), []);
        CompiledFilter filter = CompiledFilter.Compile(new Filter { Must = [new Condition.Exists("late")] }, grown, UnindexedFilter.Refuse);
        using RowSet rows = filter.Evaluate(live.Filtered(2));
        Assert.Equal((false, true), (rows.Contains(0), rows.Contains(1)));
    }

    [Fact]
    public void An_append_that_fails_half_way_ends_writing_and_leaves_no_document()
    {
        using var directory = new TempDirectory();
        using var live = new LiveDocuments(Optional, new LiveDocumentsOptions { Capacity = 100 });
        for (uint i = 0; i < 10; i++)
        {
            live.Append(i, 1, Body([]), [Vector(i, 4), default]);
        }
        // The second vector fails after the first was taken in, as it would for want of memory.
        live.Vectors(1).Dispose();
        Assert.Throws<ObjectDisposedException>(() => live.Append(10, 1, Body([]), [Vector(10, 4), Vector(10, 3)]));
        Assert.Equal((false, 10, 11, 10), (live.IsOpen, live.Count, live.Vectors(0).Count, live.VectorRowsBelow(0, live.Count)));
        Assert.Throws<InvalidOperationException>(() => live.Append(11, 1, Body([]), [Vector(11, 4), default]));
        Assert.False(live.TryFind(10, 100, out _));
        Assert.Throws<ObjectDisposedException>(() => live.Seal());
        using RowSet dead = RowSet.None(10);
        string path = directory.File("segment");
        DocumentSegment.Freeze(live, dead, path, new SegmentWriteOptions(), DiskFileLayer.Instance, CancellationToken.None, out _);
        using DocumentSegment segment = DocumentSegment.Open(path, 1, Optional, new SegmentOpenOptions());
        Assert.Equal((10, 10), (segment.Count, segment.Vectors(0)!.Count));
        Assert.False(segment.TryFind(10, segment.Count, out _));
    }

    [Fact]
    public void A_schema_the_vector_core_cannot_serve_is_refused_by_name()
    {
        var schema = new CollectionSchema { Vectors = [new VectorSchema { Name = "title", Dimension = 4, MaxLinks = 3 }] };
        CollectionException error = Refused(CollectionError.FieldInvalid, () => _ = new LiveDocuments(schema, new LiveDocumentsOptions()));
        Assert.Equal("vectors.title", error.Field);
    }

    private static CollectionException Refused(CollectionError expected, Action act)
    {
        CollectionException error = Assert.Throws<CollectionException>(act);
        Assert.Equal(expected, error.Error);
        return error;
    }

    private static float[] Vector(uint seed, int dimension) => [.. Enumerable.Range(0, dimension).Select(j => j == 0 ? seed + 1f : seed % (j + 7))];

    private static DocumentId RandomId(Random random, int distinct) =>
        random.Next(2) == 0 ? (ulong)random.Next(distinct) : new string('x', random.Next(1, 20)) + random.Next(distinct);

    /// <summary>A body without attributes; what follows its head is nothing that live documents look at.</summary>
    private static byte[] Body(ReadOnlySpan<byte> content) => [1, 0, 0, 0, 0, .. content];

    private static byte[] BodyWithAttribute()
    {
        var schema = new CollectionSchema { Attributes = [new AttributeSchema { Name = "late", Type = AttributeType.Bool }] };
        using var buffer = new PooledBuffer();
        new BodyEncoder(schema).Encode(
            new Document { Id = 1, Attributes = new Dictionary<string, AttributeValue> { ["late"] = AttributeValue.OfBool(true) } }, buffer);
        return buffer.Written.ToArray();
    }

    private static byte[] BodyFor(int row)
    {
        byte[] content = new byte[row % 61];
        new Random(row).NextBytes(content);
        return Body(content);
    }
}
