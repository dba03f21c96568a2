using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Multi;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Storage;
using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Tests.Segments;

/// <summary>A few documents with everything a segment can hold, made in the same way each time.</summary>
internal static class SegmentSample
{
    public static CollectionSchema Schema { get; } = new()
    {
        Vectors =
        [
            new VectorSchema { Name = "a", Dimension = 64, PrefixDimensions = [32], IsRequired = false, BuildBreadth = 40 },
            new VectorSchema { Name = "b", Dimension = 8, Metric = VectorMetric.Euclidean, IsRequired = false, BuildBreadth = 40 },
        ],
        MultiVectors =
        [
            new MultiSchema { Name = "tokens", Dimension = 24 },
            new MultiSchema { Name = "levels", Dimension = 40, Metric = VectorMetric.Dot, StoredType = StoredType.Int8 },
        ],
        Attributes = [new AttributeSchema { Name = "color", Type = AttributeType.Keyword }, new AttributeSchema { Name = "size", Type = AttributeType.Integer }],
        Texts = [new TextSchema { Name = "title" }],
        SparseVectors = [new SparseSchema { Name = "sparse" }],
    };

    /// <summary>Sealed live documents with the ids first, first + 1, ...; every fifth a text.</summary>
    public static LiveDocuments Sealed(int first, int count)
    {
        var live = new LiveDocuments(Schema, new LiveDocumentsOptions { Capacity = Math.Max(1, count), CalibrationRows = 256 });
        var random = new Random(first);
        var encoder = new BodyEncoder(Schema);
        using var buffer = new PooledBuffer();
        for (int i = first; i < first + count; i++)
        {
            buffer.Clear();
            encoder.Encode(DocumentFor(i), buffer);
            ReadOnlyMemory<float> a = i % 7 == 0 ? default : VectorSamples.Random(random, 64, 2);
            ReadOnlyMemory<float> b = i % 3 == 0 ? default : VectorSamples.Random(random, 8, 1);
            ReadOnlyMemory<byte> tokens = i % 4 == 0 ? default : Stored(0, VectorSamples.Random(random, 24 * (1 + i % 3), 3));
            ReadOnlyMemory<byte> levels = i % 5 == 0 ? default : Stored(1, [.. Enumerable.Range(0, 40).Select(j => (float)((i + j) % 100))]);
            live.Append(IdFor(i), (ulong)i, buffer.Written, [a, b], [tokens, levels]);
        }
        live.Seal();
        return live;
    }

    private static byte[] Stored(int position, float[] values)
    {
        MultiSchema schema = Schema.MultiVectors[position];
        return new MultiLayout(schema).Encode(new MultiVector(schema.Dimension, values));
    }

    public static DocumentId IdFor(int number) => number % 5 == 0 ? $"text {number}" : (ulong)number;

    public static void Freeze(LiveDocuments live, string directory, IFileLayer files, CancellationToken cancel = default)
    {
        using RowSet dead = RowSet.None(live.Count);
        DocumentSegment.Freeze(live, dead, directory, new SegmentWriteOptions { Threads = 1 }, files, cancel, out _);
    }

    public static void Write(string directory, int first, int count)
    {
        using LiveDocuments live = Sealed(first, count);
        Freeze(live, directory, DiskFileLayer.Instance);
    }

    public static DocumentSegment Open(string directory, ulong id = 1) => DocumentSegment.Open(directory, id, Schema, new SegmentOpenOptions());

    public static void Merge(IReadOnlyList<DocumentSegment> segments, string directory, IFileLayer files, CancellationToken cancel = default)
    {
        (DocumentSegment, RowSet)[] inputs = [.. segments.Select(s => (s, RowSet.None(s.Count)))];
        DocumentSegment.Merge(inputs, directory, Schema, new SegmentWriteOptions { Threads = 1 }, files, cancel, out _);
    }

    private static Document DocumentFor(int number) => new()
    {
        Id = IdFor(number),
        Attributes = new Dictionary<string, AttributeValue>
        {
            ["color"] = AttributeValue.OfKeyword(number % 2 == 0 ? "red" : "green"),
            ["size"] = AttributeValue.OfInteger(number % 10),
        },
        Texts = new Dictionary<string, string> { ["title"] = $"document {number}" },
        SparseVectors = new Dictionary<string, SparseVector>
        {
            ["sparse"] = new SparseVector(new uint[] { (uint)number % 5, 100 }, new float[] { 1, number - 8.5f }),
        },
    };
}
