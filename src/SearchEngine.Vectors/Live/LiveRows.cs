using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Live;

/// <summary>
/// Truth, length and source of every row of a live segment, in order of arrival. Rows never move and never change.
/// </summary>
internal sealed class LiveRows : IDisposable
{
    private const float LargestHalf = 65_504f;

    private readonly Lock _append = new();
    private readonly Metric _metric;
    private readonly float[] _row;
    private readonly int[] _cuts;
    private readonly ReservedRows _rows;
    private readonly ReservedRows? _prefixNorms;
    private int _published;

    public LiveRows(LiveOptions options)
    {
        _metric = options.Graph.Metric;
        Dimension = options.Dimension;
        Element = options.TruthElement;
        _row = new float[Dimension];
        _cuts = [.. options.Graph.PrefixDimensions];
        _rows = ReservedRows.Reserve(options.Capacity, TruthRows.StrideOf(Element, Dimension));
        Lengths = ReservedRows.Reserve(options.Capacity, sizeof(float));
        _prefixNorms = _metric == Metric.Cosine && _cuts.Length > 0
            ? ReservedRows.Reserve(options.Capacity, _cuts.Length * sizeof(float))
            : null;
        Truth = new TruthRows(_rows, Element, _metric, Dimension, _cuts, Lengths, _prefixNorms);
        Sources = ReservedRows.Reserve(options.Capacity, sizeof(uint));
        Dead = new Tombstones(options.Capacity);
    }

    public int Dimension { get; }

    public ElementType Element { get; }

    public TruthRows Truth { get; }

    /// <summary>Length of each row as the caller gave it.</summary>
    public ReservedRows Lengths { get; }

    public ReservedRows Sources { get; }

    public Tombstones Dead { get; }

    public int Capacity => _rows.Count;

    /// <summary>Rows that exist: truth of every ordinal below is written.</summary>
    public int Count => Volatile.Read(ref _published);

    public long CommittedBytes =>
        _rows.CommittedBytes + Lengths.CommittedBytes + Sources.CommittedBytes + (_prefixNorms?.CommittedBytes ?? 0);

    /// <summary>Takes in a row; it is visible to every reader of <see cref="Count"/> from then on.</summary>
    public uint Append(ReadOnlySpan<float> values, uint source)
    {
        float length = Check(values);
        lock (_append)
        {
            uint ordinal = (uint)_published;
            if (ordinal == (uint)Capacity)
            {
                throw new InvalidOperationException($"The live segment is full: {Capacity} rows were appended, dead ones included. Freeze it and begin another.");
            }
            _rows.Ensure(_published + 1);
            _prefixNorms?.Ensure(_published + 1);
            Lengths.Ensure(_published + 1);
            Sources.Ensure(_published + 1);
            values.CopyTo(_row);
            if (_metric == Metric.Cosine && length > 0 && Element != ElementType.Int8)
            {
                RowNorm.Divide(values, length, _row);
            }
            WriteTruth(ordinal);
            Lengths.RowAs<float>(ordinal)[0] = length;
            Sources.RowAs<uint>(ordinal)[0] = source;
            Volatile.Write(ref _published, _published + 1);
            return ordinal;
        }
    }

    /// <returns>The length of a row that can be taken in.</returns>
    public float Check(ReadOnlySpan<float> values)
    {
        if (values.Length != Dimension)
        {
            throw new ArgumentException($"The row has {values.Length} values, rows here have {Dimension}.", nameof(values));
        }
        float length = RowNorm.Of(values);
        if (!float.IsFinite(length))
        {
            throw new ArgumentException("The row has a value that is not finite, or its length overflows; such a row cannot be ranked.", nameof(values));
        }
        if (Element == ElementType.Int8)
        {
            ByteValues.Check(values);
        }
        if (Element == ElementType.Float16 && _metric != Metric.Cosine)
        {
            CheckHalf(values);
        }
        return length;
    }

    /// <summary>Reads a row back as codes are made of it.</summary>
    public void Read(uint ordinal, Span<float> row) => Truth.ReadForCodes(ordinal, row[..Dimension]);

    public void Dispose()
    {
        _rows.Dispose();
        _prefixNorms?.Dispose();
        Lengths.Dispose();
        Sources.Dispose();
    }

    private void WriteTruth(uint ordinal)
    {
        TruthRows.Write(_rows, Element, ordinal, _row);
        if (_prefixNorms is not null)
        {
            Truth.ReadStored(ordinal, _row);
            TruthRows.WritePrefixNorms(_prefixNorms, ordinal, _row, _cuts);
        }
    }

    private static void CheckHalf(ReadOnlySpan<float> values)
    {
        for (int j = 0; j < values.Length; j++)
        {
            if (MathF.Abs(values[j]) > LargestHalf)
            {
                throw new ArgumentException($"Value {j} is {values[j]}: beyond half precision, which this live segment was made to store.", nameof(values));
            }
        }
    }
}
