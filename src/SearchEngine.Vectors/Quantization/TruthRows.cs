using System.Runtime.InteropServices;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Quantization;

/// <summary>
/// The exact rows of a segment with what is needed to rank by them: lengths of prefixes, since the prefix of a unit row is
/// no unit row, and of whole rows where those are stored as they came. Immutable view; any thread.
/// </summary>
internal sealed class TruthRows
{
    /// <summary>Bytes: float16 rows of 4,096 coordinates.</summary>
    private const int MostOnStack = 8 << 10;

    private readonly RowMemory? _norms;
    private readonly RowMemory? _prefixNorms;
    private readonly IReadOnlyList<int> _cuts;
    private readonly int _dimension;

    /// <param name="norms">Length of each row as the caller gave it; read for cosine only.</param>
    /// <param name="prefixNorms">Lengths of the stored row's prefixes at <paramref name="cuts"/>; read for cosine only.</param>
    public TruthRows(
        RowMemory rows, ElementType element, Metric metric, int dimension, IReadOnlyList<int> cuts, RowMemory? norms, RowMemory? prefixNorms)
    {
        Rows = rows;
        Element = element;
        Metric = metric;
        _dimension = dimension;
        _cuts = cuts;
        _norms = metric == Metric.Cosine ? norms : null;
        _prefixNorms = metric == Metric.Cosine ? prefixNorms : null;
    }

    public RowMemory Rows { get; }

    public ElementType Element { get; }

    public Metric Metric { get; }

    public FloatElement Form => FormOf(Element);

    public FloatMeasure Measure => Metric == Metric.L2 ? FloatMeasure.Distance : FloatMeasure.Dot;

    /// <summary>Whether rows are stored at another length than they are ranked at.</summary>
    public bool IsUnscaled => Element == ElementType.Int8 && Metric == Metric.Cosine;

    public static FloatElement FormOf(ElementType element) => element switch
    {
        ElementType.Float16 => FloatElement.Half,
        ElementType.Float32 => FloatElement.Single,
        ElementType.Int8 => FloatElement.Byte,
        _ => throw new ArgumentOutOfRangeException(nameof(element), element, "Truth is not stored as that."),
    };

    /// <summary>Bytes of a row: as far as kernels read, 32 coordinates at a time.</summary>
    public static int StrideOf(ElementType element, int dimension) => (dimension + 31) / 32 * 32 * FloatRows.BytesOf(FormOf(element));

    /// <summary>What products over the first <paramref name="dimension"/> coordinates, a declared prefix or all, are divided by.</summary>
    public RowLengths LengthsAt(int dimension)
    {
        if (Metric != Metric.Cosine)
        {
            return default;
        }
        if (dimension == _dimension)
        {
            return IsUnscaled ? new RowLengths(_norms!, 0) : default;
        }
        for (int i = 0; i < _cuts.Count; i++)
        {
            if (_cuts[i] == dimension)
            {
                return new RowLengths(_prefixNorms!, i);
            }
        }
        throw new ArgumentException($"{dimension} is no declared prefix.", nameof(dimension));
    }

    /// <summary>Reads a row as it is ranked: of unit length for cosine.</summary>
    public void Read(uint ordinal, Span<float> row)
    {
        ReadStored(ordinal, row);
        if (IsUnscaled && _norms!.RowAs<float>(ordinal)[0] is > 0 and float norm)
        {
            RowNorm.Divide(row, norm, row);
        }
    }

    /// <summary>Reads a row as the caller gave it, within the precision it is stored with.</summary>
    public void Restore(uint ordinal, Span<float> row)
    {
        ReadStored(ordinal, row);
        if (_norms is not null && !IsUnscaled)
        {
            float norm = _norms.RowAs<float>(ordinal)[0];
            foreach (ref float value in row)
            {
                value *= norm;
            }
        }
    }

    /// <summary>Reads a row as codes are made of it: bytes as they are, others as they are ranked.</summary>
    public void ReadForCodes(uint ordinal, Span<float> row)
    {
        if (Element == ElementType.Int8)
        {
            ReadStored(ordinal, row);
        }
        else
        {
            Read(ordinal, row);
        }
    }

    /// <summary>Reads a row as it is stored.</summary>
    public void ReadStored(uint ordinal, Span<float> row)
    {
        if (!Rows.IsFetched)
        {
            Decode(Rows.Row(ordinal), Element, row);
            return;
        }
        Span<byte> stored = Rows.Stride <= MostOnStack ? stackalloc byte[Rows.Stride] : new byte[Rows.Stride];
        Rows.Fetch(ordinal, stored);
        Decode(stored, Element, row);
    }

    /// <summary>Stores a row; the caller has checked that its values fit the element.</summary>
    public static void Write(RowMemory rows, ElementType element, uint ordinal, ReadOnlySpan<float> row)
    {
        switch (element)
        {
            case ElementType.Float32:
                row.CopyTo(rows.RowAs<float>(ordinal));
                break;
            case ElementType.Int8:
                Span<sbyte> bytes = rows.RowAs<sbyte>(ordinal);
                for (int j = 0; j < row.Length; j++)
                {
                    bytes[j] = (sbyte)row[j];
                }
                break;
            default:
                Span<Half> halves = rows.RowAs<Half>(ordinal);
                for (int j = 0; j < row.Length; j++)
                {
                    halves[j] = (Half)row[j];
                }
                break;
        }
    }

    /// <summary>Writes the lengths of the prefixes of a stored row.</summary>
    public static void WritePrefixNorms(RowMemory prefixNorms, uint ordinal, ReadOnlySpan<float> stored, ReadOnlySpan<int> cuts)
    {
        Span<float> norms = prefixNorms.RowAs<float>(ordinal);
        for (int i = 0; i < cuts.Length; i++)
        {
            norms[i] = RowNorm.Of(stored[..cuts[i]]);
        }
    }

    private static void Decode(ReadOnlySpan<byte> stored, ElementType element, Span<float> row)
    {
        switch (element)
        {
            case ElementType.Float32:
                MemoryMarshal.Cast<byte, float>(stored)[..row.Length].CopyTo(row);
                break;
            case ElementType.Int8:
                ReadOnlySpan<sbyte> bytes = MemoryMarshal.Cast<byte, sbyte>(stored)[..row.Length];
                for (int j = 0; j < row.Length; j++)
                {
                    row[j] = bytes[j];
                }
                break;
            default:
                ReadOnlySpan<Half> halves = MemoryMarshal.Cast<byte, Half>(stored)[..row.Length];
                for (int j = 0; j < row.Length; j++)
                {
                    row[j] = (float)halves[j];
                }
                break;
        }
    }
}
