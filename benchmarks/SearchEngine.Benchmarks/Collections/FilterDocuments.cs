using System.Numerics;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Benchmarks.Collections;

/// <summary>Generated documents: a function of the row, encoded when asked for, so that a million need no memory.</summary>
internal sealed class FilterDocuments : IDisposable
{
    /// <summary>Shares of the rows that a value or a range selects.</summary>
    public static readonly double[] Shares = [0.0001, 0.001, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9];

    public const int Tags = 1000;
    public const int Grades = 100;
    public const int Labels = 10_000;
    public const long SerialSpan = 1L << 40;

    private const int LabelsPerDocument = 3;

    private readonly PooledBuffer _buffer = new();
    private readonly BodyEncoder _encoder;

    public FilterDocuments()
    {
        AttributeSchema Single(string name, AttributeType type, AttributeIndex index = AttributeIndex.Auto) =>
            new() { Name = name, Type = type, Index = index };
        Schema = new CollectionSchema
        {
            Attributes =
            [
                .. Shares.Select((_, i) => Single($"share{i}", AttributeType.Keyword)),
                Single("tag", AttributeType.Keyword),
                Single("grade", AttributeType.Integer),
                Single("serial", AttributeType.Integer),
                Single("weight", AttributeType.Float),
                new AttributeSchema { Name = "labels", Type = AttributeType.Integer, IsArray = true },
                Single("place", AttributeType.GeoPoint),
                Single("loose", AttributeType.Integer, AttributeIndex.None),
            ],
        };
        _encoder = new BodyEncoder(Schema);
    }

    public CollectionSchema Schema { get; }

    /// <summary>Valid until the next call.</summary>
    public ReadOnlySpan<byte> BodyOf(uint row)
    {
        var values = new Dictionary<string, AttributeValue>();
        for (int i = 0; i < Shares.Length; i++)
        {
            values[$"share{i}"] = AttributeValue.OfKeyword(Uniform(row, i) < Shares[i] ? "in" : "out");
        }
        values["tag"] = AttributeValue.OfKeyword($"tag {(int)(Uniform(row, 20) * Tags)}");
        values["grade"] = AttributeValue.OfInteger((long)(Uniform(row, 21) * Grades));
        values["serial"] = AttributeValue.OfInteger((long)(Uniform(row, 22) * SerialSpan));
        values["weight"] = AttributeValue.OfFloat(Uniform(row, 23));
        values["labels"] = AttributeValue.ArrayOf(
            AttributeType.Integer, [.. Enumerable.Range(0, LabelsPerDocument).Select(i => AttributeValue.OfInteger((long)(Uniform(row, 30 + i) * Labels)))]);
        values["place"] = AttributeValue.OfPlace(new GeoPoint(
            Math.Asin(2 * Uniform(row, 24) - 1) * 180 / Math.PI, Uniform(row, 25) * 360 - 180));
        values["loose"] = AttributeValue.OfInteger((long)(Uniform(row, 26) * 1000));
        _buffer.Clear();
        _encoder.Encode(new Document { Id = row, Attributes = values }, _buffer);
        return _buffer.Written;
    }

    public void Dispose() => _buffer.Dispose();

    /// <summary>0 to 1, from the row and the number of the draw.</summary>
    private static double Uniform(uint row, int draw)
    {
        ulong bits = ((ulong)row << 8 | (uint)draw) * 0x9E3779B97F4A7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return (BitOperations.RotateLeft(bits, 23) >> 11) * (1.0 / (1UL << 53));
    }
}
