using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Storage;
using SearchEngine.Vectors;

namespace SearchEngine.Collections.Multi;

/// <summary>
/// How the rows of a multi vector are stored: as float16 or signed bytes, each row padded by zeros to what kernels read. Rows that
/// are compared by cosine have their lengths beside them: float16 rows are stored at length 1, so that no coordinate is too large
/// or too small for it, bytes as they came.
/// </summary>
internal sealed class MultiLayout
{
    private readonly MultiSchema _schema;
    private readonly bool _isBytes;

    public MultiLayout(MultiSchema schema)
    {
        _schema = schema;
        _isBytes = schema.StoredType == StoredType.Int8;
        Element = _isBytes ? ElementType.Int8 : ElementType.Float16;
        Stride = MaxSim.StrideOf(schema.Dimension, Element);
    }

    /// <summary>Bytes from one row to the next.</summary>
    public int Stride { get; }

    public ElementType Element { get; }

    public bool HasLengths => _schema.Metric == VectorMetric.Cosine;

    /// <summary>Bytes of a row and its length.</summary>
    public int RowBytes => Stride + (HasLengths ? sizeof(float) : 0);

    /// <summary>Rows, then their lengths: the form of logs and of live documents.</summary>
    /// <param name="vector">Checked by <see cref="MultiCheck"/>.</param>
    public byte[] Encode(MultiVector vector)
    {
        var stored = new byte[vector.Rows * RowBytes];
        Span<float> lengths = MemoryMarshal.Cast<byte, float>(stored.AsSpan(vector.Rows * Stride));
        for (int row = 0; row < vector.Rows; row++)
        {
            ReadOnlySpan<float> values = vector.Row(row);
            double length = 1;
            if (HasLengths)
            {
                length = LengthOf(values);
                lengths[row] = (float)length;
            }
            Span<byte> target = stored.AsSpan(row * Stride, Stride);
            for (int j = 0; j < values.Length; j++)
            {
                if (_isBytes)
                {
                    target[j] = (byte)(sbyte)values[j];
                }
                else
                {
                    BinaryPrimitives.WriteHalfLittleEndian(target[(j * 2)..], (Half)(float)(values[j] / length));
                }
            }
        }
        return stored;
    }

    /// <summary>What <see cref="Encode"/> gave, taken apart.</summary>
    /// <exception cref="CollectionException">Checksum: it is not whole rows.</exception>
    public MultiRows Split(ReadOnlySpan<byte> stored)
    {
        int rows = stored.Length / RowBytes;
        return rows * RowBytes == stored.Length && rows <= MultiSchema.MaxRows
            ? new MultiRows(stored[..(rows * Stride)], MemoryMarshal.Cast<byte, float>(stored[(rows * Stride)..]))
            : throw ByteCursor.Malformed($"{stored.Length} bytes of multi vector '{_schema.Name}', whose rows have {RowBytes}");
    }

    /// <summary>The opposite of <see cref="Split"/>.</summary>
    public static byte[] Join(MultiRows rows) => [.. rows.Rows, .. MemoryMarshal.AsBytes(rows.Lengths)];

    /// <summary>In the caller's coordinates and lengths, within the precision of the stored type.</summary>
    public MultiVector Decode(MultiRows stored)
    {
        int rows = stored.Rows.Length / Stride, dimension = _schema.Dimension;
        var values = new float[rows * dimension];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<byte> source = stored.Rows.Slice(row * Stride, Stride);
            Span<float> target = values.AsSpan(row * dimension, dimension);
            float length = HasLengths && !_isBytes ? stored.Lengths[row] : 1;
            for (int j = 0; j < dimension; j++)
            {
                target[j] = _isBytes ? (sbyte)source[j] : (float)BinaryPrimitives.ReadHalfLittleEndian(source[(j * 2)..]) * length;
            }
        }
        return new MultiVector(dimension, values);
    }

    /// <summary>A query against rows of this layout. The caller's to dispose.</summary>
    public MaxSim Query(MultiVector query) => new(query.Values.Span, _schema.Dimension, VectorSettings.MetricOf(_schema.Metric), Element);

    /// <summary>What products with stored rows are divided by: float16 rows have length 1 already.</summary>
    public ReadOnlySpan<float> Divisors(MultiRows rows) => _isBytes ? rows.Lengths : default;

    private static double LengthOf(ReadOnlySpan<float> row)
    {
        double sum = 0;
        foreach (float value in row)
        {
            sum += (double)value * value;
        }
        return Math.Sqrt(sum);
    }
}
